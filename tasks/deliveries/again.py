"""Sending once more what was sent or tried, from the files that the run kept.

The row and its Message-ID stay, so a mail that comes twice can be recognised.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from logging import getLogger

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from tasks.db import db_now
from tasks.errors import Conflict, NotFound, mark
from tasks.models import Delivery, DeliveryState

log = getLogger(__name__)

NOT_ARRIVED = (DeliveryState.FAILED, DeliveryState.UNCERTAIN)
"""What may be sent again without a second thought."""
ASKED_FOR = mark("{actor} asked to send it again.")


@dataclass(frozen=True, slots=True)
class Queued:
    """A delivery that goes once more."""

    id: int
    run_id: int
    recipient: str


def send_again(session: Session, ids: Collection[int], *, actor: str) -> Sequence[Queued]:
    """Queue those of these deliveries that failed, or whose end is unknown, once more.

    Raises NotFound where none of them exists, Conflict where none of them failed.
    """
    failed = Delivery.state.in_(NOT_ARRIVED)
    return _queue(session, Delivery.id.in_(ids), failed, actor=actor) or _none_of(session, ids)


def send_all_again(session: Session, run_id: int, *, actor: str) -> int:
    """Queue everything of a run that failed once more; returns how many, and raises Conflict."""
    failed = Delivery.state.in_(NOT_ARRIVED)
    queued = _queue(session, Delivery.run_id == run_id, failed, actor=actor)
    if not queued:
        raise Conflict("Nothing of run {id} waits to be sent again.", id=run_id)
    return len(queued)


def send_delivered_again(session: Session, delivery_id: int, *, tries: int, actor: str) -> Queued:
    """Queue one delivery once more whose recipient has it already; raises as above.

    `tries` are those that whoever asks has seen: of two who ask at once, one is heard.
    """
    seen = Delivery.state == DeliveryState.DELIVERED, Delivery.tries == tries
    queued = _queue(session, Delivery.id == delivery_id, *seen, actor=actor)
    return (queued or _none_of(session, [delivery_id]))[0]


def _queue(session: Session, *which: ColumnElement[bool], actor: str) -> Sequence[Queued]:
    rows = session.execute(
        update(Delivery)
        .where(*which)
        .values(
            state=DeliveryState.QUEUED,
            next_try_at=db_now(),
            error=None,
            reason=ASKED_FOR.format(actor=actor),
        )
        .returning(Delivery.id, Delivery.run_id, Delivery.recipient),
        execution_options={"synchronize_session": False},
    )
    queued = [Queued(*row) for row in rows]
    log.info("deliveries queued again", extra={"count": len(queued), "actor": actor})
    return queued


def _none_of(session: Session, ids: Collection[int]) -> Sequence[Queued]:
    """Raise why none of these was queued."""
    first = session.execute(
        select(Delivery.recipient, Delivery.state).where(Delivery.id.in_(ids)).limit(1)
    ).one_or_none()
    if first is None:
        raise NotFound("There is no delivery {id}.", id=min(ids, default=0))
    if first.state is DeliveryState.DELIVERED:
        raise Conflict(
            "The delivery to {recipient} has arrived in the meantime. Look at it once more.",
            recipient=first.recipient,
        )
    raise Conflict(
        "The delivery to {recipient} is {state}; only one that failed can be sent again.",
        recipient=first.recipient,
        state=first.state,
    )
