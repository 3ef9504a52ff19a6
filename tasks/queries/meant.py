"""What the relative dates of a run count from: its instant, its calendar and the success before."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.orm import Session, aliased

from tasks.models import Run, RunState, Schedule
from tasks.reports.meant import Meant
from tasks.scheduling.calendar_cache import load_days
from tasks.scheduling.working_days import WorkingDays


def meant_of(session: Session, run: Run, at: datetime) -> Meant:
    """Return what the run is for; `at` is its instant in the zone in which it was meant.

    A run that repeats one of a schedule belongs to that schedule.
    """
    schedule = _schedule_of(session, run)
    calendar = schedule.calendar_id if schedule else None
    return Meant(
        at=at,
        days=load_days(session, calendar) if calendar else WorkingDays(),
        last_success=_last_success(session, run, schedule),
    )


def _schedule_of(session: Session, run: Run) -> Schedule | None:
    while run.schedule_id is None and run.retry_of_id is not None:
        run = session.get_one(Run, run.retry_of_id)
    return session.get(Schedule, run.schedule_id) if run.schedule_id else None


def _last_success(session: Session, run: Run, schedule: Schedule | None) -> datetime | None:
    """Return the instant of the last success before, of the schedule, or else of the task.

    Where a later run has succeeded meanwhile, it has read what this one would have read: the
    instant is then that of this run, so that nothing is left to it and nothing is read twice.
    A trial went to one person, so it is no success to count from.
    """
    successes = _successes(run, schedule)
    before = successes.where(Run.scheduled_for < run.scheduled_for)
    last = session.scalar(before.order_by(Run.scheduled_for.desc()).limit(1))
    later = successes.where(Run.scheduled_for > run.scheduled_for).limit(1)
    if last is not None and run.retry_of_id is None and session.scalar(later) is not None:
        return run.scheduled_for
    return last


def _successes(run: Run, schedule: Schedule | None) -> Select[datetime]:
    if schedule is not None:
        succeeded = _did_its_work(Run) | _succeeded_when_repeated()
        return select(Run.scheduled_for).where(Run.schedule_id == schedule.id, succeeded)
    return select(Run.scheduled_for).where(
        Run.task_definition_id == run.task_definition_id, _did_its_work(Run)
    )


def _succeeded_when_repeated() -> ColumnElement[bool]:
    again = aliased(Run)
    return exists().where(
        again.task_definition_id == Run.task_definition_id,
        _did_its_work(again),
        again.retry_of_id.is_not(None),
        again.scheduled_for == Run.scheduled_for,
    )


def _did_its_work(run: type[Run]) -> ColumnElement[bool]:
    return and_(run.state == RunState.SUCCEEDED, run.only_to.is_(None))
