"""The reaper: what died ends, or gets its next attempt. Every step is one conditional UPDATE."""

from datetime import timedelta
from logging import getLogger

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tasks.db import db_now, reading, transaction
from tasks.deliveries import lose_interrupted
from tasks.errors import ErrorKind
from tasks.models import Delivery, DeliveryState, Run, RunState
from tasks.runs.transitions import Outcome, expire

log = getLogger(__name__)

AT_ONCE = 50


def reap() -> int:
    """End or requeue the runs whose worker is gone; returns how many."""
    with reading() as session:
        expired = session.scalars(
            select(Run)
            .where(Run.state == RunState.RUNNING, Run.lease_until < db_now())
            .options(joinedload(Run.task))
            .order_by(Run.lease_until)
            .limit(AT_ONCE)
        ).all()
        interrupted = session.scalar(
            select(Delivery.id)
            .where(Delivery.state == DeliveryState.SENDING, Delivery.lease_until < db_now())
            .limit(1)
        )
    if interrupted is not None:
        with transaction() as session:
            lose_interrupted(session)
    return sum(_rescue(run) for run in expired)


def _rescue(run: Run) -> bool:
    with transaction() as session:
        rescued = expire(session, run, _outcome(run), actor="reaper")
    if rescued:
        log.warning("worker lost", extra={"run_id": run.id, "owner": run.lease_owner})
    return rescued


def _outcome(run: Run) -> Outcome:
    seen = f"{run.lease_until:%H:%M:%S} UTC" if run.lease_until else "–"
    error = (
        f"The worker {run.lease_owner} died or lost its connection during attempt {run.attempt}: "
        f"its lease ended at {seen}."
    )
    if run.cancel_requested_at is not None:
        return Outcome(RunState.CANCELLED, reason="It was cancelled; its worker has died.")
    task = run.task
    may_repeat = task.safe_to_repeat and ErrorKind.WORKER_LOST in task.retry_on
    if may_repeat and run.attempt < task.max_attempts:
        reason = f"Attempt {run.attempt} of {task.max_attempts} died; the next one follows."
        return Outcome(
            RunState.LOST,
            reason=reason,
            error_kind=ErrorKind.WORKER_LOST,
            error=error,
            retry_in=timedelta(),
        )
    return Outcome(RunState.LOST, error_kind=ErrorKind.WORKER_LOST, error=error)
