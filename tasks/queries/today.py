"""Today on one screen: what ran, what runs, what comes, and what is late or failing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from tasks.clock import utcnow
from tasks.models import IS_RUNNING, Run, RunState, Schedule, TaskDefinition
from tasks.queries.activity import activity
from tasks.queries.alerts import AlertLine, unseen_alerts
from tasks.queries.failing import BAD, FailingTask
from tasks.queries.first_runs import NextRun, first_runs
from tasks.queries.health import health_lately
from tasks.queries.mark_of import mark_of
from tasks.queries.movement import movement_of_running
from tasks.queries.queues import unserved
from tasks.queries.ready import longest_ready
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
    coming: Sequence[NextRun]
    late: Sequence[RunLine]
    unserved: Collection[str]
    """The queues of what is late that no worker takes from."""
    missing: Sequence[Schedule]
    """Schedules whose instant has passed without a run."""
    alerts: Sequence[AlertLine]
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
    late = _late(session, now)
    return Today(
        began_at=_midnight(now),
        states=_ended_today(session),
        counts=state_counts(session, RunFilter(), version=version, now=now),
        running=lines_of(session.execute(LINE.where(IS_RUNNING).limit(ROWS))),
        coming=first_runs(session, now=now, since=now - LATE_AFTER, count=ROWS),
        late=late,
        unserved=unserved(session, {line.queue for line in late}),
        missing=_missing(session, now),
        alerts=unseen_alerts(session, now=now),
        failing=activity(session).failing,
    )


@remembered(seconds=2)
def moved(session: Session) -> str:
    """Return a mark that changes when something on the screen does without a run's event."""
    now = utcnow()
    told = [line.mark for line in unseen_alerts(session, now=now)]
    missing = [(one.id, one.next_due_at) for one in _missing(session, now)]
    late = longest_ready(session, due_before=now - LATE_AFTER, count=ROWS)
    broken = [part.name for part in health_lately(session).parts if not part.ok]
    running = movement_of_running(session, count=ROWS)
    return mark_of(told, missing, late, broken, running)


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
    """Return what is ready and should have begun; what waits for something else is not late."""
    ids = longest_ready(session, due_before=now - LATE_AFTER, count=ROWS)
    oldest = LINE.order_by(None).order_by(Run.due_at, Run.id)
    return lines_of(session.execute(oldest.where(Run.id.in_(ids)))) if ids else []


def _missing(session: Session, now: datetime) -> Sequence[Schedule]:
    """Return the schedules with an instant that has passed, but no run: nothing fired it."""
    overdue = (
        select(Schedule)
        .join(TaskDefinition, TaskDefinition.id == Schedule.task_definition_id)
        .where(Schedule.enabled, Schedule.next_due_at < now - LATE_AFTER, TaskDefinition.is_active)
        .options(joinedload(Schedule.task))
        .order_by(Schedule.next_due_at, Schedule.id)
    )
    return session.scalars(overdue.limit(ROWS)).all()
