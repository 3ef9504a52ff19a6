"""The claim of a run for one attempt, with what the attempt needs and whether it may start now."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session, load_only

from tasks.db import db_now, transaction
from tasks.models import Queue, Schedule, Source, TaskDefinition
from tasks.models.source import is_quiet
from tasks.runs.disk import NoRoom, check_room, wait_for_room
from tasks.runs.limits import Limit, full, hold_some
from tasks.runs.new_row import source_of
from tasks.runs.statements import RUN
from tasks.runs.transitions import Claim, claim
from tasks.scheduling.instants import zone
from tasks.settings import settings


@dataclass(frozen=True, slots=True)
class Claimed:
    """A run that this process holds, with what its attempt needs."""

    run: Claim
    task: TaskDefinition
    timezone: str

    @property
    def scheduled_for(self) -> datetime:
        """The instant that was meant, in the zone in which it was meant."""
        return self.run.scheduled_for.astimezone(zone(self.timezone))


class Full(Exception):
    """As many runs are at work as a limit allows; the claim is taken back."""

    def __init__(self, limit: Limit, task: TaskDefinition) -> None:
        super().__init__(limit.code)
        self.limit = limit
        self.of_now = _of_now(task)


_OF_SOURCE = (Source.max_running, Source.quiet_from, Source.quiet_to)
_NOW = select(db_now())
_OF_TASK = load_only(
    TaskDefinition.slug,
    TaskDefinition.title,
    TaskDefinition.job,
    TaskDefinition.settings,
    TaskDefinition.parameters,
    TaskDefinition.version,
    TaskDefinition.timeout_seconds,
    TaskDefinition.overlap,
    TaskDefinition.max_running,
    TaskDefinition.safe_to_repeat,
    TaskDefinition.max_attempts,
    TaskDefinition.retry_on,
    TaskDefinition.retry_delay_seconds,
    TaskDefinition.retry_backoff,
    TaskDefinition.retry_max_delay_seconds,
    TaskDefinition.retry_jitter,
    raiseload=True,
)
"""What an attempt needs of its task, half of the columns: each costs every run."""
TASK = (
    select(TaskDefinition, Schedule.timezone, Queue.max_running, *_OF_SOURCE)
    .select_from(TaskDefinition)
    .outerjoin(Schedule, Schedule.id == bindparam("schedule_id"))
    .outerjoin(Queue, Queue.name == bindparam("queue"))
    .outerjoin(Source, Source.slug == bindparam("source"))
    .where(TaskDefinition.id == bindparam("task_definition_id"))
    .options(_OF_TASK)
)
"""A task with the zone of the schedule and the limits of the queue and the source, at once."""
OF_RUN = ("task_definition_id", "schedule_id", "queue", "source")


def take(run_id: int, worker: str) -> Claimed | None:
    """Claim the run for one attempt; None where it does not wait, or may not start yet.

    A run that meets a limit, or too little room on the disk, then waits for that.
    """
    lease = timedelta(seconds=settings().lease_seconds)
    try:
        with transaction() as session:
            run = claim(session, run_id, owner=worker, lease=lease)
            return None if run is None else _with_task(session, run)
    except Full as full:
        with transaction() as session:
            hold_some(session, full.limit, run_id, of_now=full.of_now)
    except NoRoom:
        wait_for_room(run_id)
    return None


def _with_task(session: Session, run: Claim) -> Claimed:
    """Read what the attempt needs; raises Full or NoRoom where the run may not start yet."""
    given = {name: getattr(run, name) for name in OF_RUN}
    row = session.execute(TASK, given).one()
    task, timezone, in_queue, in_source, quiet_from, quiet_to = row
    check_room(task)
    if run.source != source_of(task):
        of_now = select(*_OF_SOURCE).where(Source.slug == source_of(task))
        nothing = (None, None, None)
        in_source, quiet_from, quiet_to = session.execute(of_now).one_or_none() or nothing
    run = _as_the_task_is_now(session, run, task)
    if quiet_from is not None:
        now = session.scalars(_NOW).one()
        if is_quiet(quiet_from, quiet_to, now=now, zone=settings().zone):
            in_source = 0
    limit = full(session, run, task, in_queue=in_queue, in_source=in_source)
    if limit is not None:
        raise Full(limit, task)
    return Claimed(run, task, timezone or settings().timezone)


def _as_the_task_is_now(session: Session, run: Claim, task: TaskDefinition) -> Claim:
    """Keep on the run's row what it takes over from its task."""
    of_now = _of_now(task)
    if (run.task_version, run.source) == (of_now["task_version"], of_now["source"]):
        return run
    session.execute(update(RUN).where(RUN.c.id == run.id).values(of_now))
    return replace(run, **of_now)


def _of_now(task: TaskDefinition) -> dict[str, Any]:
    """Return what a run takes over from its task, which may have changed since its promise."""
    return {"task_version": task.version, "source": source_of(task)}
