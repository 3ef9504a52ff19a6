"""The faults of a soak: at random, every few seconds, each written down with whom it hit."""

import os
import random
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import text

from tasks.clock import utcnow
from tasks.db import engine
from tasks.settings import settings
from tests.soak.parts import Part
from tests.support.valkey import Valkey

SHORTEST_PAUSE = 2.5
LONGEST_PAUSE = 5.0
BROKER_AWAY = (0.2, 2.0)
"""Seconds."""
FROZEN_LEASES = 1.5


class FaultKind(StrEnum):
    WORKER = "worker_killed"
    CHILD = "child_killed"
    BEAT = "beat_killed"
    BROKER = "broker_killed"
    FREEZE = "worker_frozen"
    CONNECTION = "connection_ended"


ON_POSTGRESQL = (FaultKind.CONNECTION,)


@dataclass(frozen=True, slots=True)
class Fault:
    """What was done, from when to when, and to which processes."""

    kind: FaultKind
    at: datetime
    until: datetime
    pids: frozenset[int] = frozenset()


class Trouble:
    """Makes one fault after another; `stir` is called often, from one thread."""

    def __init__(self, parts: Sequence[Part], broker: Valkey, *, seed: int) -> None:
        self.faults: list[Fault] = []
        self._parts = parts
        self._broker = broker
        self._chance = random.Random(seed)
        self._bag: list[FaultKind] = []
        self._later: list[tuple[float, Callable[[], None]]] = []
        self._next_at = time.monotonic() + self._pause()

    def stir(self) -> None:
        """Do what is due."""
        self._do_later()
        if time.monotonic() >= self._next_at:
            self._make(self._draw())
            self._next_at = time.monotonic() + self._pause()

    def calm(self) -> None:
        """Undo at once what would be undone later, and make no more."""
        for _, undo in self._later:
            undo()
        self._later.clear()

    def _do_later(self) -> None:
        due = [one for one in self._later if one[0] <= time.monotonic()]
        for one in due:
            self._later.remove(one)
            one[1]()

    def _pause(self) -> float:
        return self._chance.uniform(SHORTEST_PAUSE, LONGEST_PAUSE)

    def _draw(self) -> FaultKind:
        """Draw without putting back, so that a short soak sees every kind."""
        if not self._bag:
            on_postgresql = engine().dialect.name == "postgresql"
            self._bag = [one for one in FaultKind if on_postgresql or one not in ON_POSTGRESQL]
            self._chance.shuffle(self._bag)
        return self._bag.pop()

    def _make(self, kind: FaultKind) -> None:
        match kind:
            case FaultKind.WORKER:
                self._kill(kind, self._one(workers=True))
            case FaultKind.BEAT:
                self._kill(kind, self._one(workers=False))
            case FaultKind.CHILD:
                self._kill_child()
            case FaultKind.BROKER:
                self._kill_broker()
            case FaultKind.FREEZE:
                self._freeze()
            case FaultKind.CONNECTION:
                self._end_connection()

    def _one(self, *, workers: bool) -> Part:
        return self._chance.choice([part for part in self._parts if part.is_worker is workers])

    def _kill(self, kind: FaultKind, part: Part) -> None:
        hit = part.tree()
        part.kill()
        self._note(kind, hit)

    def _kill_child(self) -> None:
        children = [child for part in self._parts if part.is_worker for child in part.tree()[1:]]
        if not children:  # all of them have just been killed
            return
        child = self._chance.choice(children)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
            self._note(FaultKind.CHILD, [child])

    def _kill_broker(self) -> None:
        away = self._chance.uniform(*BROKER_AWAY)
        self._broker.kill()
        self._note(FaultKind.BROKER, [], lasts=away)
        self._later.append((time.monotonic() + away, self._broker.start))

    def _freeze(self) -> None:
        part = self._one(workers=True)
        lasts = FROZEN_LEASES * settings().lease_seconds
        part.signal(signal.SIGSTOP)
        self._note(FaultKind.FREEZE, part.tree(), lasts=lasts)
        self._later.append((time.monotonic() + lasts, lambda: part.signal(signal.SIGCONT)))

    def _end_connection(self) -> None:
        victims = text(
            "SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "ORDER BY md5(pid::text || :salt) LIMIT 1) one"
        )
        with engine().connect() as connection:
            connection.execute(victims, {"salt": self._chance.random()})
        self._note(FaultKind.CONNECTION, [])

    def _note(self, kind: FaultKind, pids: Sequence[int], *, lasts: float = 0) -> None:
        now = utcnow()
        self.faults.append(Fault(kind, now, now + timedelta(seconds=lasts), frozenset(pids)))


def write_down(faults: Sequence[Fault], path: Path) -> None:
    """Leave the faults for whoever asks what happened, one in a line."""
    lines = [f"{one.at} to {one.until} {one.kind} {sorted(one.pids)}\n" for one in faults]
    path.write_text("".join(lines))
