"""What the connections of one server have in common."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from tests.hana_server.authentication import PBKDF2, SCRAM
from tests.hana_server.faults import Faults
from tests.hana_server.ledger import Ledger
from tests.hana_server.rights import Users
from tests.hana_server.store import Store

if TYPE_CHECKING:
    from tests.hana_server.session import Session

_FIRST_CONNECTION = 200_001


@dataclass(slots=True)
class Shared:
    """The tables, the users, the faults, and who is connected."""

    store: Store
    users: Users
    faults: Faults = field(default_factory=Faults)
    ledger: Ledger = field(default_factory=Ledger)
    methods: tuple[bytes, ...] = (PBKDF2, SCRAM)
    """The ways to log in that the server offers."""
    _sessions: dict[int, "Session"] = field(default_factory=dict)
    _ends: dict[int, Callable[[], None]] = field(default_factory=dict)
    _numbers: "count[int]" = field(default_factory=lambda: count(_FIRST_CONNECTION))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def reset_methods(self) -> None:
        """Offer every way to log in again."""
        self.methods = (PBKDF2, SCRAM)

    def number(self) -> int:
        """A number for a connection."""
        with self._lock:
            return next(self._numbers)

    def enter(self, session: "Session", break_off: Callable[[], None]) -> None:
        """Let a session in; `break_off` ends its connection from outside."""
        with self._lock:
            self._sessions[session.number] = session
            self._ends[session.number] = break_off
        self.ledger.count("connected")

    def break_off(self, session: "Session") -> None:
        """End a session's connection."""
        with self._lock:
            end = self._ends.get(session.number)
        if end:
            end()

    def leave(self, session: "Session") -> None:
        with self._lock:
            self._sessions.pop(session.number, None)
            self._ends.pop(session.number, None)

    def session(self, number: int) -> "Session | None":
        with self._lock:
            return self._sessions.get(number)

    def sessions(self) -> list["Session"]:
        with self._lock:
            return list(self._sessions.values())
