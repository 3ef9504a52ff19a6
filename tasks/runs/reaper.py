"""The reaper: what died ends, or gets its next attempt. Every step is one conditional UPDATE."""

from datetime import timedelta
from logging import getLogger

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import joinedload

from tasks.db import db_now, reading, transaction
from tasks.deliveries import lose_interrupted
from tasks.models import IS_RUNNING, Delivery, DeliveryState, Run
from tasks.runs.ending import broken_off, followed, timed_out
from tasks.runs.leftovers import delete_leftovers
from tasks.runs.transitions import Outcome, expire, give_back
from tasks.settings import settings

log = getLogger(__name__)

AT_ONCE = 50

_IS_EXPIRED = (IS_RUNNING, Run.lease_until < db_now())
_EXPIRED = (
    select(Run)
    .where(*_IS_EXPIRED)
    .options(joinedload(Run.task, innerjoin=True))
    .order_by(Run.lease_until)
    .limit(AT_ONCE)
)
_INTERRUPTED = exists().where(
    Delivery.state == DeliveryState.SENDING, Delivery.lease_until < db_now()
)
SOMETHING_DIED = or_(exists().where(*_IS_EXPIRED), _INTERRUPTED)
"""Whether there is anything to reap."""


def reap() -> int:
    """End or requeue the runs whose worker is gone; returns how many."""
    with reading() as session:
        expired = session.scalars(_EXPIRED).all()
        interrupted = session.scalar(select(_INTERRUPTED))
    if interrupted:
        with transaction() as session:
            lose_interrupted(session)
    return sum(_rescue(run) for run in expired)


def give_back_runs(worker: str) -> int:
    """End or requeue at once what a worker had at work that has been stopped; returns how many."""
    with reading() as session:
        left = session.scalars(
            select(Run)
            .where(IS_RUNNING, Run.lease_owner.startswith(f"{worker}:", autoescape=True))
            .options(joinedload(Run.task, innerjoin=True))
        ).all()
    return sum(_hand_over(run) for run in left)


def _rescue(run: Run) -> bool:
    with transaction() as session:
        rescued = followed(session, run.id, expire(session, run, _outcome(run), actor="reaper"))
    if rescued is not None:
        delete_leftovers(run.id, run.attempt)
        log.warning("worker lost", extra={"run_id": run.id, "owner": run.lease_owner})
    return rescued is not None


def _outcome(run: Run) -> Outcome:
    """How an expired attempt ends: by its time limit, where it can have lived to see that."""
    limit = timedelta(seconds=run.task.timeout_seconds)
    if run.started_at and run.lease_until and run.started_at + limit <= run.lease_until:
        return timed_out()
    lease = timedelta(seconds=settings().lease_seconds)
    seen = f"{run.lease_until - lease:%H:%M:%S} UTC" if run.lease_until else "–"
    error = (
        f"The worker {run.lease_owner} died or lost its connection during attempt {run.attempt}: "
        f"its last heartbeat was at {seen}."
    )
    return broken_off(run, run.task, error)


def _hand_over(run: Run) -> bool:
    error = f"The worker {run.lease_owner} was stopped during attempt {run.attempt}."
    with transaction() as session:
        outcome = broken_off(run, run.task, error)
        given = followed(session, run.id, give_back(session, run, outcome, actor="worker"))
    if given is not None:
        delete_leftovers(run.id, run.attempt)
        log.warning("run given back", extra={"run_id": run.id, "owner": run.lease_owner})
    return given is not None
