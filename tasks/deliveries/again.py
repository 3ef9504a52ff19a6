"""Sending once more what was sent or tried, from the files that the run kept.

The row and its Message-ID stay, so a mail that comes twice can be recognised.
"""

from collections.abc import Collection, Sequence
from logging import getLogger

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tasks.db import db_now
from tasks.errors import Conflict, NotFound, mark
from tasks.models import Delivery, DeliveryState

log = getLogger(__name__)

NOT_ARRIVED = (DeliveryState.FAILED, DeliveryState.UNCERTAIN)
"""What may be sent again without a second thought."""
ASKED_FOR = mark("{actor} asked to send it again.")


def send_again(session: Session, ids: Collection[int], *, actor: str) -> Sequence[Delivery]:
    """Queue those of these deliveries that failed, or whose end is unknown, once more.

    Raises NotFound where none of them exists, Conflict where none of them failed.
    """
    return _queue(session, ids, NOT_ARRIVED, actor=actor)


def send_all_again(session: Session, run_id: int, *, actor: str) -> int:
    """Queue everything of a run that failed once more; returns how many, and raises as above."""
    failed = select(Delivery.id).where(Delivery.run_id == run_id, Delivery.state.in_(NOT_ARRIVED))
    ids = session.scalars(failed).all()
    if not ids:
        raise Conflict("Nothing of run {id} waits to be sent again.", id=run_id)
    return len(send_again(session, ids, actor=actor))


def send_delivered_again(session: Session, delivery_id: int, *, actor: str) -> Delivery:
    """Queue one delivery once more whose recipient has it already; raises as above."""
    return _queue(session, [delivery_id], (DeliveryState.DELIVERED,), actor=actor)[0]


def _queue(
    session: Session, ids: Collection[int], states: Collection[DeliveryState], *, actor: str
) -> Sequence[Delivery]:
    queued = session.scalars(
        update(Delivery)
        .where(Delivery.id.in_(ids), Delivery.state.in_(states))
        .values(
            state=DeliveryState.QUEUED,
            next_try_at=db_now(),
            error=None,
            reason=ASKED_FOR.format(actor=actor),
        )
        .returning(Delivery),
        execution_options={"synchronize_session": False, "populate_existing": True},
    ).all()
    if not queued:
        raise _why_none(session, ids)
    log.info("deliveries queued again", extra={"count": len(queued), "actor": actor})
    return queued


def _why_none(session: Session, ids: Collection[int]) -> Conflict | NotFound:
    first = session.scalars(select(Delivery).where(Delivery.id.in_(ids)).limit(1)).one_or_none()
    if first is None:
        return NotFound("There is no delivery {id}.", id=min(ids, default=0))
    return Conflict(
        "The delivery to {recipient} is {state}; only one that failed can be sent again.",
        recipient=first.recipient,
        state=first.state,
    )
