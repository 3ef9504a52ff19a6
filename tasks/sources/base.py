"""What every source offers to the jobs: a query with `?` parameters, and a way to stop it."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from tasks.rows import ResultSet

LEAST_CONNECT_SECONDS = 2
"""libpq waits no shorter."""


class Source(Protocol):
    """A database that reports read."""

    def query(self, sql: str, parameters: Sequence[object]) -> AbstractContextManager[ResultSet]:
        """Run one query; its rows can be read until the context ends."""
        ...

    def cancel(self) -> None:
        """Interrupt whatever this source is running, from any thread."""
        ...


@runtime_checkable
class Explaining(Protocol):
    """A source that can tell how it would answer, without answering and without writing."""

    def explain(self, sql: str, parameters: Sequence[object]) -> list[str]:
        """Return the lines of the plan; raises JobError, with the place in `sql`."""
        ...


@runtime_checkable
class Naming(Protocol):
    """A source whose tables cannot be asked for by a query."""

    def names(self, schema: str) -> list[tuple[str, str, str]]:
        """Return each column of a schema: its table, its name and its type; raises JobError."""
        ...


@dataclass(frozen=True, slots=True)
class Glance:
    """A short look instead of a whole report: how long a step may take, and how many rows come."""

    seconds: int
    rows: int

    def shortened(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Return a source's settings with its waits cut down to this length."""
        most = {
            "connect_seconds": max(self.seconds, LEAST_CONNECT_SECONDS),
            "query_seconds": self.seconds,
        }
        waits = {name: min(settings.get(name, limit), limit) for name, limit in most.items()}
        return {**settings, **waits}
