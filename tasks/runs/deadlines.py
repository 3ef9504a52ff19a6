"""Deadlines: what may not start any more is skipped, what is not delivered in time is told once."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session, joinedload

from tasks.alerts import raise_alert
from tasks.db import db_now, reading, transaction
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
from tasks.settings import settings

AT_ONCE = 50
DELIVERED = (DeliveryState.DELIVERED, DeliveryState.SUPPRESSED)
NOBODY_WAITS = (RunState.CANCELLED, RunState.SKIPPED)

_TOO_LATE = (
    select(Run)
    .where(IS_QUEUED, Run.start_by.is_not(None), Run.start_by <= db_now(), Run.attempt == 0)
    .options(joinedload(Run.task, innerjoin=True))
    .order_by(Run.start_by)
    .limit(AT_ONCE)
)
_DUE_BY_NOW = (
    select(Run)
    .where(Run.finish_by.is_not(None), Run.late_at.is_(None), Run.finish_by <= db_now())
    .options(joinedload(Run.task, innerjoin=True))
    .order_by(Run.finish_by)
    .limit(AT_ONCE)
)


def pass_deadlines(*, now: datetime) -> int:
    """Skip what could not start in time, tell what is late; returns how many runs were."""
    with reading() as session:
        unstarted = session.scalars(_TOO_LATE).all()
        due = session.scalars(_DUE_BY_NOW).all()
    return sum(_skip(run) for run in unstarted) + sum(_look_at(run, now=now) for run in due)


def tell_late_start(session: Session, run: Run, task: TaskDefinition) -> None:
    """Tell that a run was skipped because it could not start in time."""
    sentence = f"“{task.title}” was to start by {_time(run.start_by)}, but did not. It was skipped."
    raise_alert(
        session,
        AlertKind.LATE_START,
        key=str(run.id),
        sentence=sentence,
        run=run,
        recipients=task.alert_recipients,
    )


def _skip(run: Run) -> bool:
    with transaction() as session:
        reason = f"It could not start by {_time(run.start_by)}."
        skipped = skip_late(session, run.id, reason=reason)
        if skipped is not None and not _was_hopeless(skipped, skipped.start_by):
            tell_late_start(session, skipped, run.task)
    return skipped is not None


def _look_at(run: Run, *, now: datetime) -> bool:
    """Write down that the run is late and tell it, or that there is nothing to watch any more."""
    with transaction() as session:
        late = run.state not in NOBODY_WAITS and not _is_delivered(session, run)
        values = {"late_at": now} if late else {"finish_by": None}
        unseen: list[ColumnElement[bool]] = [Run.id == run.id, Run.late_at.is_(None)]
        mine = session.scalar(
            update(Run).where(*unseen).values(**values).returning(Run.id),
            execution_options={"synchronize_session": False},
        )
        if mine is None or not late or _was_hopeless(run, run.finish_by):
            return False
        raise_alert(
            session,
            AlertKind.LATE_FINISH,
            key=str(run.id),
            sentence=f"“{run.task.title}” was to be delivered by {_time(run.finish_by)}, "
            f"but is {run.state}.",
            run=run,
            recipients=run.task.alert_recipients,
        )
        return True


def _was_hopeless(run: Run, deadline: datetime | None) -> bool:
    """Whether the deadline was over before the run was promised, as of one that is caught up."""
    return deadline is not None and deadline <= run.queued_at


def _is_delivered(session: Session, run: Run) -> bool:
    if run.state is not RunState.SUCCEEDED:
        return False
    undelivered = exists().where(Delivery.run_id == run.id, Delivery.state.not_in(DELIVERED))
    return not session.scalar(select(undelivered))


def _time(instant: datetime | None) -> str:
    return f"{instant.astimezone(settings().zone):%d.%m.%Y %H:%M}" if instant else "–"
