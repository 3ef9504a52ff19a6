"""A worker's presence: its row, and what its parent sees of its children."""

import os
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from logging import getLogger

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from tasks.db import db_now, insert_once, reading, transaction
from tasks.models import IS_RUNNING, Run, RunEvent, Worker

log = getLogger(__name__)

QUIETLY = {"synchronize_session": False}
REAPER = "reaper"


@dataclass
class Presence:
    """One worker: its name, what it offers, and the attempts that its children were seen at."""

    name: str
    queues: list[str]
    slots: int
    children: Callable[[], Iterable[int]]
    """The process ids of its children now."""
    _seen: dict[str, tuple[int, int]] = field(default_factory=dict)
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
        owners = {f"{self.name}:{pid}": pid for pid in self.children()}
        with reading() as session:
            held = _held(session, owners)
            idle = {
                owner: self._seen[owner] for owner in owners if owner in self._seen.keys() - held
            }
            taken = {owner for owner, key in idle.items() if _was_taken_away(session, *key)}
        hanging = taken & self._suspects  # seen so twice: who listens has let go by then
        self._seen, self._suspects = idle | held, taken
        for owner in hanging:
            log.error("hanging child killed", extra={"worker": self.name, "pid": owners[owner]})
            os.kill(owners[owner], signal.SIGKILL)
        return [owners[owner] for owner in hanging]


def _held(session: Session, owners: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return the run and the attempt that each of these owners has at work."""
    found = select(Run.lease_owner, Run.id, Run.attempt).where(IS_RUNNING)
    rows = session.execute(found.where(Run.lease_owner.in_(list(owners))))
    return {str(owner): (run_id, attempt) for owner, run_id, attempt in rows}


def _was_taken_away(session: Session, run_id: int, attempt: int) -> bool:
    taken = exists().where(
        RunEvent.run_id == run_id, RunEvent.attempt == attempt, RunEvent.actor == REAPER
    )
    return bool(session.scalar(select(taken)))
