"""What shall go wrong, and when: set by a test, met by the connections."""

import threading
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any


class Moment(StrEnum):
    """When a fault strikes."""

    ACCEPT = "accept"
    AUTHENTICATE = "authenticate"
    CONNECT = "connect"
    PREPARE = "prepare"
    EXECUTE = "execute"
    FETCH = "fetch"
    ROW = "row"
    READ_LOB = "read_lob"
    COMMIT = "commit"
    ROLLBACK = "rollback"


class Act(StrEnum):
    """What happens then."""

    DROP = "drop"
    """The connection is closed."""
    RESET = "reset"
    """The connection is reset."""
    SILENCE = "silence"
    """Nothing is ever answered, and nothing is closed."""
    SLOW = "slow"
    """The answer comes, but only after so many seconds."""
    HALF = "half"
    """Half of the answer is sent, then the connection is closed."""
    GARBAGE = "garbage"
    """Bytes that mean nothing are sent instead of the answer."""
    ERROR = "error"
    """HANA answers with an error."""


@dataclass(slots=True)
class Fault:
    """One thing to go wrong: after `after` such moments, and then `times` times (0 is always)."""

    moment: Moment
    act: Act
    after: int = 0
    times: int = 1
    seconds: float = 0
    code: int = 2
    text: str = "general error"
    row: int = 0
    """At the moment `row`: the first row, counted from 1, that the client does not get."""
    sql: str = ""
    """Only statements that hold this text."""
    user: str = ""
    """Only connections of this user."""
    met: int = 0

    def is_about(self, moment: Moment, sql: str, user: str) -> bool:
        return self.moment is moment and self.sql in sql and self.user in ("", user)

    def strikes(self) -> bool:
        """Count one more such moment, and say whether it is one of those meant."""
        self.met += 1
        turn = self.met - self.after
        return turn > 0 and (self.times == 0 or turn <= self.times)


class Faults:
    """The faults that are set now."""

    def __init__(self) -> None:
        self._set: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, wanted: dict[str, Any]) -> None:
        """Set a fault; raises ValueError or TypeError for what is none."""
        known = {each.name for each in fields(Fault)} - {"met"}
        if unknown := wanted.keys() - known:
            raise ValueError(f"a fault has no {', '.join(sorted(unknown))}")
        chosen = {**wanted, "moment": Moment(wanted["moment"]), "act": Act(wanted["act"])}
        with self._lock:
            self._set.append(Fault(**chosen))

    def lying_in_wait(self, moment: Moment, *, sql: str, user: str) -> Fault | None:
        """The fault that such a moment may bring; nothing is counted yet."""
        with self._lock:
            return next((f for f in self._set if f.is_about(moment, sql, user)), None)

    def count(self, fault: Fault) -> bool:
        """Count a moment that has come, and say whether the fault strikes."""
        with self._lock:
            return fault.strikes()

    def clear(self) -> None:
        """Let everything go well from now on."""
        with self._lock:
            self._set.clear()

    def meet(self, moment: Moment, *, sql: str = "", user: str = "") -> Fault | None:
        """The fault that strikes now, if one does."""
        with self._lock:
            here = [fault for fault in self._set if fault.is_about(moment, sql, user)]
            return next((fault for fault in here if fault.strikes()), None)
