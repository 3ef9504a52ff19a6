"""Deadlines: what may not start any more is skipped, what is not delivered in time is told once."""

from datetime import datetime
from functools import partial

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from tasks.alerts import raise_alert
from tasks.db import db_now, reading, transaction
from tasks.errors import mark
from tasks.models import (
    IS_QUEUED,
    AlertKind,
    Delivery,
    DeliveryState,
    Run,
    RunState,
    TaskDefinition,
)
from tasks.runs.transitions import skip_late
from tasks.scheduling.stepping_over import RunsLeftOut
from tasks.settings import settings

AT_ONCE = 50
EXACTLY = "%d.%m.%Y %H:%M:%S"
DELIVERED = (DeliveryState.DELIVERED, DeliveryState.SUPPRESSED)
NOBODY_WAITS = (RunState.CANCELLED, RunState.SKIPPED)

NOT_STARTED = mark(
    "“{title}” was to start by {time}, but did not. It was skipped; "
    "run it by hand if it is still needed."
)
OVERLAPPED = mark(
    "“{title}” was to be delivered by {time}, but was skipped, since run {before} had not ended "
    "yet. Look at that run; run it by hand if it is still needed."
)
CAME_LATE = mark(
    "“{title}” was to be delivered by {time}, but came at {came}. "
    "Where that is no exception, let it start earlier or give it more time."
)
LATE = {
    RunState.QUEUED: mark(
        "“{title}” was to be delivered by {time}, but still waits. Its page says for what."
    ),
    RunState.RUNNING: mark(
        "“{title}” was to be delivered by {time}, but still runs. Its page shows how far it is."
    ),
    RunState.SUCCEEDED: mark(
        "“{title}” was to be delivered by {time}; it ran, but not every mail has arrived. "
        "Its page says whom it did not reach; send it again there."
    ),
    RunState.FAILED: mark(
        "“{title}” was to be delivered by {time}, but failed. "
        "Its page says why; put that right and run it again."
    ),
    RunState.TIMED_OUT: mark(
        "“{title}” was to be delivered by {time}, but ran longer than its time limit. "
        "Raise the limit, or let it read less, and run it again."
    ),
    RunState.LOST: mark(
        "“{title}” was to be delivered by {time}, but was lost with its worker. "
        "Its page says what it may have done already; run it again if that does no harm."
    ),
}
"""What is told of a run that is late, by its state."""

_WITH_TASK = select(Run).options(joinedload(Run.task, innerjoin=True))
_IS_TOO_LATE = (
    IS_QUEUED,
    Run.start_by.is_not(None),
    Run.start_by <= db_now(),
    Run.attempt == 0,
)
_TOO_LATE = select(Run.id).where(*_IS_TOO_LATE).order_by(Run.start_by).limit(AT_ONCE)
_IS_DUE_BY_NOW = (Run.finish_by.is_not(None), Run.late_at.is_(None), Run.finish_by <= db_now())
_DUE_BY_NOW = select(Run.id).where(*_IS_DUE_BY_NOW).order_by(Run.finish_by).limit(AT_ONCE)
A_DEADLINE_PASSED = or_(exists().where(*_IS_TOO_LATE), exists().where(*_IS_DUE_BY_NOW))
"""Whether there is any deadline to look at."""


def pass_deadlines(*, now: datetime, besides: RunsLeftOut | None = None) -> int:
    """Skip what could not start in time, tell what is late; returns how many runs were.

    One by one, and one that fails is left to a later pass, as `besides` remembers.
    """
    besides = besides or RunsLeftOut()
    others = Run.id.not_in(besides.ids())
    with reading() as session:
        unstarted = session.scalars(_TOO_LATE.where(others)).all()
        due = session.scalars(_DUE_BY_NOW.where(others)).all()
    return besides.each(unstarted, _skip) + besides.each(due, partial(_look_at, now=now))


def tell_late_start(session: Session, run: Run, task: TaskDefinition) -> None:
    """Tell that a run was skipped because it could not start in time."""
    words = {"title": task.title, "time": _time(run.start_by)}
    _tell(session, AlertKind.LATE_START, run, task, NOT_STARTED, words)


def tell_overlapped(
    session: Session, run: Run, task: TaskDefinition, *, before: int, finish_by: datetime
) -> None:
    """Tell that what was to be delivered will not be, since the run before had not ended."""
    words = {"title": task.title, "time": _time(finish_by), "before": str(before)}
    _tell(session, AlertKind.LATE_FINISH, run, task, OVERLAPPED, words)


def _skip(run_id: int) -> bool:
    with transaction() as session:
        run = session.scalars(_WITH_TASK.where(Run.id == run_id)).one_or_none()
        if run is None:  # it was deleted meanwhile
            return False
        task, reason = run.task, f"It could not start by {_time(run.start_by)}."
        skipped = skip_late(session, run.id, reason=reason)
        if skipped is not None and not _was_hopeless(skipped, skipped.start_by):
            tell_late_start(session, skipped, task)
    return skipped is not None


def _look_at(run_id: int, *, now: datetime) -> bool:
    """Write down that the run is late and tell it, or that there is nothing to watch any more.

    It is locked meanwhile, so that what is told of it is still so.
    """
    with transaction() as session:
        run = session.scalars(
            _WITH_TASK.where(
                Run.id == run_id, Run.finish_by.is_not(None), Run.late_at.is_(None)
            ).with_for_update(of=Run)
        ).one_or_none()
        if run is None:  # another scheduler was quicker
            return False
        came_at = _delivered_at(session, run)
        if run.state in NOBODY_WAITS or _is_in_time(run, came_at):
            run.finish_by = None
            return False
        run.late_at = now
        if _was_hopeless(run, run.finish_by):
            return False
        _tell_late_finish(session, run, came_at)
        return True


def _tell_late_finish(session: Session, run: Run, came_at: datetime | None) -> None:
    words = {"title": run.task.title, "time": _time(run.finish_by)}
    if came_at is None:
        _tell(session, AlertKind.LATE_FINISH, run, run.task, LATE[run.state], words)
    else:
        words["came"] = f"{came_at.astimezone(settings().zone):{EXACTLY}}"
        _tell(session, AlertKind.LATE_FINISH, run, run.task, CAME_LATE, words)


def _tell(
    session: Session,
    kind: AlertKind,
    run: Run,
    task: TaskDefinition,
    template: str,
    words: dict[str, str],
) -> None:
    raise_alert(
        session,
        kind,
        key=str(run.id),
        template=template,
        values=words,
        run=run,
        recipients=task.alert_recipients,
    )


def _is_in_time(run: Run, came_at: datetime | None) -> bool:
    return came_at is not None and run.finish_by is not None and came_at <= run.finish_by


def _was_hopeless(run: Run, deadline: datetime | None) -> bool:
    """Whether the deadline was over before the run was promised, as of one that is caught up."""
    return deadline is not None and deadline <= run.queued_at


def _delivered_at(session: Session, run: Run) -> datetime | None:
    """Return when the last that was to get it got it; None while somebody has not."""
    if run.state is not RunState.SUCCEEDED:
        return None
    delivered = session.execute(
        select(Delivery.state, func.max(Delivery.delivered_at))
        .where(Delivery.run_id == run.id)
        .group_by(Delivery.state)
    ).all()
    if any(state not in DELIVERED for state, _ in delivered):
        return None
    instants = [run.finished_at, *(at for _, at in delivered)]
    return max(at for at in instants if at is not None)


def _time(instant: datetime | None) -> str:
    return f"{instant.astimezone(settings().zone):%d.%m.%Y %H:%M}" if instant else "–"
