"""What the server saw, for tests to read."""

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Seen:
    """One statement that came in: `how` is direct, prepare or execute."""

    how: str
    sql: str
    parameters: list[list[str | None]]
    connection: int
    user: str
    application: str
    autocommit: bool
    timeout: int


class Ledger:
    """Counts and statements since the last reset."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._statements: list[Seen] = []

    def count(self, what: str, by: int = 1) -> None:
        with self._lock:
            self._counts[what] += by

    def remember(self, statement: Seen) -> None:
        with self._lock:
            self._statements.append(statement)

    def told(self) -> dict[str, Any]:
        """Everything, as JSON can hold it."""
        with self._lock:
            return {
                "counts": dict(self._counts),
                "statements": [asdict(statement) for statement in self._statements],
            }

    def clear(self) -> None:
        with self._lock:
            self._counts.clear()
            self._statements.clear()


def shown(rows: Sequence[Sequence[object]], most: int = 20) -> list[list[str | None]]:
    """The parameters of the first rows as text, none of them long."""
    return [[None if v is None else str(v)[:200] for v in row] for row in rows[:most]]
