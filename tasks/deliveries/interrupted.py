"""Deliveries whose sender died in the middle."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from tasks.db import db_now
from tasks.deliveries.ending import first_wait
from tasks.errors import mark
from tasks.models import Delivery, DeliveryState

DIED = mark("The worker died while it sent this, so nobody knows whether it arrived.")
NO_SYNC = {"synchronize_session": False}


def lose_interrupted(session: Session) -> int:
    """Let them be tried once more, or end them where that was done already; returns how many."""
    again = {"state": DeliveryState.QUEUED, "next_try_at": db_now(first_wait())}
    return _leave(session, Delivery.doubtful_tries == 0, again) + _leave(
        session, Delivery.doubtful_tries > 0, {"state": DeliveryState.UNCERTAIN}
    )


def _leave(session: Session, doubts: ColumnElement[bool], values: Mapping[str, object]) -> int:
    left = session.execute(
        update(Delivery)
        .where(Delivery.state == DeliveryState.SENDING, Delivery.lease_until < db_now(), doubts)
        .values(doubtful_tries=Delivery.doubtful_tries + 1, lease_until=None, error=DIED, **values)
        .returning(Delivery.id),
        execution_options=NO_SYNC,
    )
    return len(left.all())
