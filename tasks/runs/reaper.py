"""The reaper: what died ends, or gets its next attempt. Every step is one conditional UPDATE."""

import time
from datetime import timedelta
from functools import partial
from logging import getLogger

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import joinedload

from tasks.db import db_now, reading, transaction
from tasks.deliveries import lose_interrupted
from tasks.models import IS_RUNNING, Delivery, DeliveryState, Run
from tasks.runs.ending import broken_off, followed, timed_out
from tasks.runs.leftovers import delete_leftovers
from tasks.runs.outcome import Outcome
from tasks.runs.transitions import expire, give_back
from tasks.scheduling.stepping_over import RunsLeftOut
from tasks.settings import settings

log = getLogger(__name__)

AT_ONCE = 50
DELETING_SECONDS = 1.0
"""For no longer a pass deletes what attempts left: a slow share would hold up all that is due."""

_WITH_TASK = select(Run).options(joinedload(Run.task, innerjoin=True))
_IS_EXPIRED = (IS_RUNNING, Run.lease_until < db_now())
_EXPIRED = select(Run.id).where(*_IS_EXPIRED).order_by(Run.lease_until).limit(AT_ONCE)
_INTERRUPTED = exists().where(
    Delivery.state == DeliveryState.SENDING, Delivery.lease_until < db_now()
)
SOMETHING_DIED = or_(exists().where(*_IS_EXPIRED), _INTERRUPTED)
"""Whether there is anything to reap."""


def reap(besides: RunsLeftOut | None = None) -> int:
    """End or requeue the runs whose worker is gone; returns how many.

    One by one, and one that fails is left to a later pass, as `besides` remembers.
    """
    besides = besides or RunsLeftOut()
    with reading() as session:
        expired = session.scalars(_EXPIRED.where(Run.id.not_in(besides.ids()))).all()
        interrupted = session.scalar(select(_INTERRUPTED))
    if interrupted:
        with transaction() as session:
            lose_interrupted(session)
    until = time.monotonic() + DELETING_SECONDS
    return besides.each(expired, partial(_rescue, until=until))


def give_back_runs(worker: str) -> int:
    """End or requeue at once what a worker had at work that has been stopped; returns how many."""
    with reading() as session:
        left = session.scalars(
            _WITH_TASK.where(IS_RUNNING, Run.lease_owner.startswith(f"{worker}:", autoescape=True))
        ).all()
    return sum(_hand_over(run) for run in left)


def _rescue(run_id: int, *, until: float) -> bool:
    """End or requeue a run, and delete what its attempt left unless that would take too long.

    What stays after `until`, the clean-up meets.
    """
    with reading() as session:
        run = session.scalars(_WITH_TASK.where(Run.id == run_id, *_IS_EXPIRED)).one_or_none()
    if run is None:
        return False
    with transaction() as session:
        rescued = followed(session, run.id, expire(session, run, _outcome(run), actor="reaper"))
    if rescued is not None:
        if time.monotonic() < until:
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
