"""Today on one screen: what ran, what runs, what comes, and what is late or failing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from tasks.clock import utcnow
from tasks.models import Run, RunState, Schedule, TaskDefinition
from tasks.queries.activity import BAD, FailingTask, activity
from tasks.queries.remembered import remembered
from tasks.queries.run_counts import StateCounts, state_counts
from tasks.queries.run_filter import RunFilter
from tasks.queries.runs import LINE, RunLine, lines_of
from tasks.settings import settings

LATE_AFTER = timedelta(seconds=60)
ROWS = 10


@dataclass(frozen=True, slots=True)
class Today:
    """The screen's parts; each list holds the first few, and the numbers tell of all."""

    began_at: datetime
    states: Mapping[RunState, int]
    counts: StateCounts
    """Of all time, so of use for what is not over."""
    running: Sequence[RunLine]
    coming: Sequence[Schedule]
    late: Sequence[RunLine]
    failing: Sequence[FailingTask]

    @property
    def ended(self) -> int:
        return sum(self.states.values())

    @property
    def bad(self) -> int:
        return sum(self.states.get(state, 0) for state in BAD)


def today(session: Session, *, version: int) -> Today:
    """Read the screen; the numbers of the day and the failing tasks are up to 10 s old."""
    now = utcnow()
    return Today(
        began_at=_midnight(now),
        states=_ended_today(session),
        counts=state_counts(session, RunFilter(), version=version, now=now),
        running=lines_of(session.execute(LINE.where(Run.state == RunState.RUNNING).limit(ROWS))),
        coming=_coming(session),
        late=_late(session, now),
        failing=activity(session).failing,
    )


@remembered(seconds=10)
def _ended_today(session: Session) -> dict[RunState, int]:
    # A GROUP BY state would lead SQLite to an index of the whole history, so each is a sum.
    numbers = [func.count(case((Run.state == state, 1))) for state in RunState]
    row = session.execute(select(*numbers).where(Run.finished_at >= _midnight(utcnow()))).one()
    return {state: number for state, number in zip(RunState, row, strict=True) if number}


def _midnight(now: datetime) -> datetime:
    """Return when the day began in the display zone."""
    local = now.astimezone(settings().zone)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _late(session: Session, now: datetime) -> list[RunLine]:
    """Return what waits and should have begun; who waits for the next attempt is not late."""
    due = or_(Run.next_attempt_at.is_(None), Run.next_attempt_at <= now - LATE_AFTER)
    oldest = LINE.order_by(None).order_by(Run.due_at, Run.id)
    rows = session.execute(
        oldest.where(Run.state == RunState.QUEUED, Run.due_at < now - LATE_AFTER, due).limit(ROWS)
    )
    return lines_of(rows)


def _coming(session: Session) -> Sequence[Schedule]:
    return session.scalars(
        select(Schedule)
        .join(TaskDefinition, TaskDefinition.id == Schedule.task_definition_id)
        .where(Schedule.enabled, Schedule.next_due_at.is_not(None), TaskDefinition.is_active)
        .options(joinedload(Schedule.task))
        .order_by(Schedule.next_due_at, Schedule.id)
        .limit(ROWS)
    ).all()
