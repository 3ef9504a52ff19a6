"""What the end of a delivery means for the incident of its task, in the transaction of that end."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from tasks.incidents.opening import close, count_failure
from tasks.incidents.telling import tell_not_delivered, tell_recovered
from tasks.models import Delivery, DeliveryState, Incident, Run, RunState

ARRIVED = (DeliveryState.DELIVERED, DeliveryState.SUPPRESSED)
NOT_ARRIVED = (DeliveryState.FAILED, DeliveryState.UNCERTAIN)


def delivery_ended(
    session: Session,
    delivery: Delivery,
    state: DeliveryState,
    *,
    now: datetime,
    error: str | None = None,
) -> None:
    """Open an incident where a letter failed for good; close it where all of a run arrived.

    One of which nobody knows whether it arrived counts as failed. Any other end means nothing yet;
    a trial counts for nothing.
    """
    if state in NOT_ARRIVED:
        _fail(session, delivery, state, error or delivery.error or "")
    elif state in ARRIVED:
        _arrive(session, delivery, now=now)


def _fail(session: Session, delivery: Delivery, state: DeliveryState, why: str) -> None:
    run = _run(session, delivery)
    incident = None if run is None else count_failure(session, run)
    if run is not None and incident is not None:
        in_doubt = state is DeliveryState.UNCERTAIN
        tell_not_delivered(session, run, incident, delivery, why=why, in_doubt=in_doubt)


def _arrive(session: Session, delivery: Delivery, *, now: datetime) -> None:
    """Close what an earlier letter opened once every letter of this run has arrived.

    The incident is locked first: of two letters that arrive at once the second sees the first.
    """
    task_id = select(Run.task_definition_id).where(Run.id == delivery.run_id).scalar_subquery()
    is_open = (Incident.task_definition_id == task_id, Incident.closed_at.is_(None))
    found = session.scalars(select(Incident.id).where(*is_open).with_for_update()).one_or_none()
    run = None if found is None else _run(session, delivery)
    if run is None:
        return
    by_letters = exists().where(
        Run.id == Incident.last_run_id, Run.state == RunState.SUCCEEDED, Run.id <= delivery.run_id
    )
    all_arrived = ~exists().where(
        Delivery.run_id == delivery.run_id, Delivery.state.not_in(ARRIVED)
    )
    closed = close(session, run, by_letters, all_arrived, now=now)
    if closed is not None:
        tell_recovered(session, run, closed, now=now)


def _run(session: Session, delivery: Delivery) -> Run | None:
    """Return the run with its task; None for a trial."""
    return session.scalars(
        select(Run)
        .where(Run.id == delivery.run_id, Run.only_to.is_(None))
        .options(joinedload(Run.task, innerjoin=True))
    ).one_or_none()
