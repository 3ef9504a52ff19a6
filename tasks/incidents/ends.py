"""What the end of a run means for the incident of its task, in the transaction of that end."""

from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, joinedload

from tasks.incidents.opening import close, count_failure
from tasks.incidents.telling import tell_failed, tell_recovered
from tasks.models import Delivery, DeliveryState, Incident, Run, RunState

FAILURES = (RunState.FAILED, RunState.TIMED_OUT, RunState.LOST)
"""What somebody is told of; a run that was cancelled or skipped is no failure."""
UNSENT = (DeliveryState.QUEUED, DeliveryState.SENDING)


def run_ended(session: Session, run_id: int, *, now: datetime) -> None:
    """Open the incident of the run's task, count in it, or close it; a trial counts for nothing."""
    run = session.scalars(
        select(Run)
        .where(Run.id == run_id, Run.only_to.is_(None))
        .options(joinedload(Run.task, innerjoin=True))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if run is None:
        return
    if run.state in FAILURES:
        incident = count_failure(session, run)
        if incident is not None:
            tell_failed(session, run, incident)
    elif run.state is RunState.SUCCEEDED:
        _close(session, run, now=now)


def _close(session: Session, run: Run, *, now: datetime) -> None:
    """Close what is open; where letters did not arrive, those of this run have to arrive first."""
    last_ran = exists().where(Run.id == Incident.last_run_id, Run.state == RunState.SUCCEEDED)
    goes_out = exists().where(Delivery.run_id == run.id, Delivery.state.in_(UNSENT))
    closed = close(session, run, or_(~last_ran, ~goes_out), now=now)
    if closed is not None:
        tell_recovered(session, run, closed, now=now)
