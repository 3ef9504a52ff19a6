"""Deliveries whose sender died in the middle."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from tasks.clock import utcnow
from tasks.db import db_now
from tasks.deliveries.ending import first_wait
from tasks.errors import mark
from tasks.incidents.deliveries import delivery_ended
from tasks.models import Delivery, DeliveryState

DIED = mark("The worker died while it sent this, so nobody knows whether it arrived.")
FRESH = {"synchronize_session": False, "populate_existing": True}


def lose_interrupted(session: Session) -> int:
    """Let them be tried once more, or end them where that was done already; returns how many."""
    again = {"state": DeliveryState.QUEUED, "next_try_at": db_now(first_wait())}
    tried_once_more = _leave(session, Delivery.doubtful_tries == 0, again)
    ended = _leave(session, Delivery.doubtful_tries > 0, {"state": DeliveryState.UNCERTAIN})
    for delivery in ended:
        delivery_ended(session, delivery, delivery.state, now=utcnow())
    return len(tried_once_more) + len(ended)


def _leave(
    session: Session, doubts: ColumnElement[bool], values: Mapping[str, object]
) -> Sequence[Delivery]:
    return session.scalars(
        update(Delivery)
        .where(Delivery.state == DeliveryState.SENDING, Delivery.lease_until < db_now(), doubts)
        .values(doubtful_tries=Delivery.doubtful_tries + 1, lease_until=None, error=DIED, **values)
        .returning(Delivery),
        execution_options=FRESH,
    ).all()
