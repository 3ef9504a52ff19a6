"""A worker's presence: its row, and what its parent sees of its children."""

import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from logging import getLogger

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from tasks.db import db_now, insert_once, reading, transaction
from tasks.models import IS_RUNNING, Run, RunEvent, Worker

log = getLogger(__name__)

QUIETLY = {"synchronize_session": False}
REAPER = "reaper"


@dataclass(frozen=True, slots=True)
class Work:
    """The attempt that a child was seen at, and the message that it began it for."""

    run_id: int
    attempt: int
    message: str


@dataclass
class Presence:
    """One worker: its name, what it offers, and the attempts that its children were seen at."""

    name: str
    queues: list[str]
    slots: int
    children: Callable[[], Mapping[int, str]]
    """The process ids of its children at work now, and the message that each of them is at."""
    _seen: dict[str, Work] = field(default_factory=dict)
    _suspects: set[str] = field(default_factory=set)

    def say_alive(self) -> None:
        """Keep the worker's row: dispatch counts its slots, the health page looks at its age."""
        row = {"queues": self.queues, "slots": self.slots}
        with transaction() as session:
            insert_once(session, Worker, row | {"name": self.name, "last_seen_at": db_now()})
            session.execute(
                update(Worker).where(Worker.name == self.name).values(last_seen_at=db_now(), **row),
                execution_options=QUIETLY,
            )

    def say_goodbye(self) -> None:
        """Remove the worker's row."""
        with transaction() as session:
            session.execute(delete(Worker).where(Worker.name == self.name))

    def end_hanging_children(self) -> list[int]:
        """Kill the children whose attempt was taken from them while they hung; returns their ids.

        A job in a call that holds the interpreter hears neither its heartbeat nor its guard. Once
        its lease has ended the reaper has told the truth about it, and its slot is needed.
        """
        children = self.children()
        at_work = {f"{self.name}:{pid}": message for pid, message in children.items()}
        with reading() as session:
            held = _held(session, at_work)
            left = {
                owner: work
                for owner, work in self._seen.items()
                if owner not in held and at_work.get(owner) == work.message
            }
            taken = {owner for owner, work in left.items() if _was_taken_away(session, work)}
        hanging = taken & self._suspects  # seen so twice: who listens has let go by then
        self._seen, self._suspects = left | held, taken
        return [pid for pid in children if f"{self.name}:{pid}" in hanging and self._kill(pid)]

    def _kill(self, pid: int) -> bool:
        """Kill a child; False where it has ended by itself."""
        log.error("hanging child killed", extra={"worker": self.name, "pid": pid})
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True


def _held(session: Session, at_work: Mapping[str, str]) -> dict[str, Work]:
    """Return what each of these owners has at work, whose messages are given."""
    found = select(Run.lease_owner, Run.id, Run.attempt).where(IS_RUNNING)
    rows = session.execute(found.where(Run.lease_owner.in_(list(at_work))))
    return {str(one): Work(run_id, attempt, at_work[str(one)]) for one, run_id, attempt in rows}


def _was_taken_away(session: Session, work: Work) -> bool:
    taken = exists().where(
        RunEvent.run_id == work.run_id,
        RunEvent.attempt == work.attempt,
        RunEvent.actor == REAPER,
    )
    return bool(session.scalar(select(taken)))
