"""Queues: pausing, resuming, and how much of one runs at once."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.db import insert_once
from tasks.errors import Invalid
from tasks.models import Queue, Source

MOST = 1_000


def pause_queue(session: Session, name: str, *, actor: str) -> Queue:
    """Let nothing new of the queue start; what runs goes on. The tick holds what waits."""
    queue = _queue(session, name)
    queue.paused, queue.paused_by = True, actor
    return queue


def resume_queue(session: Session, name: str) -> Queue:
    """Let the queue go on; the tick releases what waited for it."""
    queue = _queue(session, name)
    queue.paused, queue.paused_by = False, ""
    return queue


def limit_queue(session: Session, name: str, max_running: int | None) -> Queue:
    """Set how many runs of the queue may run at once; None for no limit."""
    queue = _queue(session, name)
    queue.max_running = checked(max_running)
    return queue


def limit_source(source: Source, max_running: int | None) -> Source:
    """Set how many runs may read the source at once; None for no limit."""
    source.max_running = checked(max_running)
    return source


def checked(max_running: int | None) -> int | None:
    """Return the limit; raises Invalid where it is none."""
    if max_running is not None and not 1 <= max_running <= MOST:
        raise Invalid(
            "Give a number from 1 to {most}, or nothing for no limit.",
            field="max_running",
            most=MOST,
        )
    return max_running


def _queue(session: Session, name: str) -> Queue:
    insert_once(session, Queue, {"name": name, "paused": False, "paused_by": ""})
    return session.scalars(select(Queue).where(Queue.name == name).with_for_update()).one()
