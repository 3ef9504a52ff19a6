"""The files that a delivery brings: those of its part, of the attempt that finished its run."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from tasks.database_copy import WHOLE_DATABASE
from tasks.models import Artifact, ArtifactRole, Delivery, DeliveryState, Run, RunState


def delivery_with_task(session: Session, delivery_id: int) -> Delivery | None:
    """Return the delivery with its run and task; None where nothing of it is for anybody."""
    found = select(Delivery).where(
        Delivery.id == delivery_id, Delivery.state != DeliveryState.SUPPRESSED
    )
    whole = joinedload(Delivery.run, innerjoin=True).joinedload(Run.task, innerjoin=True)
    return session.scalars(found.options(whole)).one_or_none()


def files_of_delivery(session: Session, delivery: Delivery) -> Sequence[Artifact]:
    """Return the files that go with the delivery, in the order in which they were made."""
    return session.scalars(_files_of(delivery).order_by(Artifact.id)).all()


def file_of_delivery(session: Session, delivery: Delivery, artifact_id: int) -> Artifact | None:
    """Return one of its files; None where it has no such."""
    return session.scalars(_files_of(delivery).where(Artifact.id == artifact_id)).one_or_none()


def _files_of(delivery: Delivery) -> Select[Artifact]:
    return (
        select(Artifact)
        .join(Run, Run.id == Artifact.run_id)
        .where(
            Artifact.run_id == delivery.run_id,
            Artifact.attempt == Run.attempt,
            Artifact.part == delivery.part,
            Artifact.role == ArtifactRole.FILE,
            Artifact.media_type.not_in(WHOLE_DATABASE),
            Run.state == RunState.SUCCEEDED,
        )
    )
