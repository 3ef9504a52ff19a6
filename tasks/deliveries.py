"""The life of a delivery: planned with the run's finish, claimed, sent, and its end recorded."""

from collections.abc import Sequence
from datetime import timedelta
from logging import getLogger
from typing import Any
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from tasks.channels.email import send
from tasks.channels.errors import Refused, Uncertain, Unreachable
from tasks.db import db_now, reading, transaction
from tasks.errors import Conflict, NotFound
from tasks.jobs.registry import Letter
from tasks.models import Artifact, ArtifactRole, Delivery, DeliveryState, Run

log = getLogger(__name__)

MAX_TRIES = 6
FIRST_WAIT = timedelta(seconds=30)
SENDING_LEASE = timedelta(seconds=120)


def plan(run_id: int, letters: Sequence[Letter]) -> list[Delivery]:
    """Make the delivery rows of a run, one a letter."""
    return [
        Delivery(
            run_id=run_id,
            recipient=letter.recipient,
            channel=letter.channel,
            channel_slug=letter.channel_slug,
            part=letter.part,
            target=dict(letter.target),
            state=DeliveryState.SUPPRESSED if letter.suppressed else DeliveryState.QUEUED,
            reason=letter.suppressed,
            subject=letter.subject,
            body=letter.body,
            html=letter.html,
            message_id=f"<{uuid4()}@task-orchestrator>",
        )
        for letter in letters
    ]


def deliver(delivery_id: int) -> None:
    """Send one delivery, if it still waits to be sent, and record how that ended."""
    delivery = _claim(delivery_id)
    if delivery is None:
        return
    with reading() as session:
        artifacts = session.scalars(
            select(Artifact)
            .join(Run, Run.id == Artifact.run_id)
            .where(
                Artifact.run_id == delivery.run_id,
                Artifact.attempt == Run.attempt,
                Artifact.part == delivery.part,
                Artifact.role == ArtifactRole.FILE,
            )
            .order_by(Artifact.id)
        ).all()
    try:
        send(delivery, artifacts)
    except Refused as error:
        _end(delivery, DeliveryState.FAILED, error=error.message)
    except Uncertain as error:
        _end(delivery, DeliveryState.UNCERTAIN, error=error.message)
    except NotFound as error:
        _end(delivery, DeliveryState.FAILED, error=error.message)
    except Unreachable as error:
        _try_again(delivery, error.message)
    else:
        _end(delivery, DeliveryState.DELIVERED, error=None, delivered_at=db_now())


def send_again(session: Session, delivery_id: int, *, actor: str) -> Delivery:
    """Let a delivery that failed, or whose end is unknown, be sent once more from the kept files.

    Raises NotFound, and Conflict where it waits already or was delivered.
    """
    sent = session.scalar(
        update(Delivery)
        .where(
            Delivery.id == delivery_id,
            Delivery.state.in_((DeliveryState.FAILED, DeliveryState.UNCERTAIN)),
        )
        .values(state=DeliveryState.QUEUED, next_try_at=db_now(), error=None)
        .returning(Delivery.id),
        execution_options={"synchronize_session": False},
    )
    delivery = session.get(Delivery, delivery_id)
    if delivery is None:
        raise NotFound("There is no delivery {id}.", id=delivery_id)
    if sent is None:
        raise Conflict(
            "The delivery to {recipient} is {state}; only one that failed can be sent again.",
            recipient=delivery.recipient,
            state=delivery.state,
        )
    log.info("delivery queued again", extra={"delivery_id": delivery_id, "actor": actor})
    return delivery


def lose_interrupted(session: Session) -> int:
    """End the deliveries whose sender died in the middle; returns how many."""
    died = session.execute(
        update(Delivery)
        .where(Delivery.state == DeliveryState.SENDING, Delivery.lease_until < db_now())
        .values(
            state=DeliveryState.UNCERTAIN,
            lease_until=None,
            error="The worker died while it sent this mail, so nobody knows whether it arrived.",
        )
        .returning(Delivery.id),
        execution_options={"synchronize_session": False},
    )
    return len(died.all())


def _claim(delivery_id: int) -> Delivery | None:
    with transaction() as session:
        claimed = session.scalar(
            update(Delivery)
            .where(
                Delivery.id == delivery_id,
                Delivery.state == DeliveryState.QUEUED,
                Delivery.lease_until.is_not(None),  # else the message is older than the last try
            )
            .values(
                state=DeliveryState.SENDING,
                tries=Delivery.tries + 1,
                lease_until=db_now(SENDING_LEASE),
            )
            .returning(Delivery.id),
            execution_options={"synchronize_session": False},
        )
        if claimed is None:
            return None
        return session.scalars(
            select(Delivery).where(Delivery.id == claimed).options(joinedload(Delivery.run))
        ).one()


def _try_again(delivery: Delivery, error: str) -> None:
    tried = delivery.tries % MAX_TRIES  # tries are never set back: they fence a late sender
    if tried == 0:
        _end(delivery, DeliveryState.FAILED, error=error)
        return
    wait = FIRST_WAIT * 2 ** (tried - 1)
    _end(delivery, DeliveryState.QUEUED, error=error, next_try_at=db_now(wait))


def _end(delivery: Delivery, state: DeliveryState, *, error: str | None, **values: Any) -> None:
    with transaction() as session:
        session.execute(
            update(Delivery)
            .where(
                Delivery.id == delivery.id,
                Delivery.state == DeliveryState.SENDING,
                Delivery.tries == delivery.tries,
            )
            .values(state=state, error=error, lease_until=None, **values),
            execution_options={"synchronize_session": False},
        )
    log.info(
        "delivery ended",
        extra={"delivery_id": delivery.id, "run_id": delivery.run_id, "state": state},
    )
