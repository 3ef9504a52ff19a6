"""A run with its files and deliveries, and whether anything about it is still open."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tasks.errors import NotFound
from tasks.kinds import ArtifactRole
from tasks.models import Artifact, Delivery, DeliveryState, Run, RunState
from tasks.queries.deliveries_of_run import WITHOUT_LETTERS
from tasks.queries.reached import Reached, reached

GOOD_DELIVERIES = (DeliveryState.DELIVERED, DeliveryState.SUPPRESSED)


@dataclass(frozen=True)
class WholeRun:
    """A run with its files, but not those for the runs after it, and its deliveries."""

    run: Run
    artifacts: Sequence[Artifact]
    deliveries: Sequence[Delivery]

    @property
    def is_over(self) -> bool:
        """Whether nothing about this run will change by itself any more."""
        return self.run.state.is_final and all(one.state.is_final for one in self.deliveries)

    @property
    def reached(self) -> Reached:
        """Whom it has reached."""
        return reached(one.state for one in self.deliveries)

    @property
    def is_good(self) -> bool:
        """Whether the run succeeded and everything reached its recipients."""
        return self.run.state is RunState.SUCCEEDED and all(
            one.state in GOOD_DELIVERIES for one in self.deliveries
        )


def whole_run(session: Session, run_id: int) -> WholeRun:
    """Read a run with everything that belongs to it; raises NotFound."""
    run = run_itself(session, run_id)
    files = select(Artifact).where(Artifact.run_id == run_id, Artifact.role == ArtifactRole.FILE)
    deliveries = select(Delivery).where(Delivery.run_id == run_id).order_by(Delivery.id)
    deliveries = deliveries.options(*WITHOUT_LETTERS)
    made = session.scalars(files.order_by(Artifact.id)).all()
    return WholeRun(run, made, session.scalars(deliveries).all())


def run_itself(session: Session, run_id: int) -> Run:
    """Read a run with its task and its schedule; raises NotFound."""
    run = session.get(Run, run_id, options=[joinedload(Run.task), joinedload(Run.schedule)])
    if run is None:
        raise NotFound("There is no run {id}.", id=run_id)
    return run
