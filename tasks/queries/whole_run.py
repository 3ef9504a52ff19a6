"""A run with its files and deliveries, and whether anything about it is still open."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tasks.errors import NotFound
from tasks.models import Artifact, Delivery, DeliveryState, Run, RunState
from tasks.queries.deliveries_of_run import WITHOUT_LETTERS

GOOD_DELIVERIES = (DeliveryState.DELIVERED, DeliveryState.SUPPRESSED)


@dataclass(frozen=True)
class WholeRun:
    """A run with everything that belongs to it, read at one moment."""

    run: Run
    artifacts: Sequence[Artifact]
    deliveries: Sequence[Delivery]

    @property
    def is_over(self) -> bool:
        """Whether nothing about this run will change by itself any more."""
        return self.run.state.is_final and all(one.state.is_final for one in self.deliveries)

    @property
    def is_good(self) -> bool:
        """Whether the run succeeded and everything reached its recipients."""
        return self.run.state is RunState.SUCCEEDED and all(
            one.state in GOOD_DELIVERIES for one in self.deliveries
        )


def whole_run(session: Session, run_id: int) -> WholeRun:
    """Read a run with everything that belongs to it; raises NotFound."""
    run = run_itself(session, run_id)
    files = select(Artifact).where(Artifact.run_id == run_id).order_by(Artifact.id)
    deliveries = select(Delivery).where(Delivery.run_id == run_id).order_by(Delivery.id)
    deliveries = deliveries.options(*WITHOUT_LETTERS)
    return WholeRun(run, session.scalars(files).all(), session.scalars(deliveries).all())


def run_itself(session: Session, run_id: int) -> Run:
    """Read a run with its task and its schedule; raises NotFound."""
    run = session.get(Run, run_id, options=[joinedload(Run.task), joinedload(Run.schedule)])
    if run is None:
        raise NotFound("There is no run {id}.", id=run_id)
    return run
