"""How fast a channel may be used: its next message goes when `free_at` has come.

The row of the channel decides by the database's clock, so all workers together keep the pace.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from tasks.db import db_now
from tasks.models import Channel, Delivery, DeliveryState

MINUTE = timedelta(minutes=1)
MOST_PUT_OFF = 1_000
NO_SYNC = {"synchronize_session": False}
IS_DUE = or_(Delivery.next_try_at.is_(None), Delivery.next_try_at <= db_now())


def goes_with(delivery: Delivery) -> tuple[ColumnElement[bool], ...]:
    """What holds for the deliveries of the same run over the same channel."""
    return (
        Delivery.run_id == delivery.run_id,
        Delivery.channel == delivery.channel,
        Delivery.channel_slug == delivery.channel_slug,
    )


def has_pace(channel: Channel) -> bool:
    """Whether there is a limit to how many messages go over the channel in a minute."""
    return _step(channel) is not None


def takes_a_turn(session: Session, channel: Channel) -> bool:
    """Take the turn of one message; False where the one before is not long enough ago."""
    step = _step(channel)
    if step is None:
        return True
    free = or_(Channel.free_at.is_(None), Channel.free_at <= db_now())
    taken = session.scalar(
        update(Channel)
        .where(Channel.id == channel.id, free)
        .values(free_at=db_now(step))
        .returning(Channel.id),
        execution_options=NO_SYNC,
    )
    return taken is not None


def put_off(session: Session, delivery: Delivery, channel: Channel) -> None:
    """Give a delivery back that was just claimed, as if it had not been; it costs no try.

    What waits with it in the same run is put off too, each by one turn more: else each of them
    would come for nothing.
    """
    first = session.scalar(select(Channel.free_at).where(Channel.id == channel.id))
    step = _step(channel)
    if first is None or step is None:
        return
    unclaimed = {"state": DeliveryState.QUEUED, "tries": Delivery.tries - 1}
    _wait(session, delivery.id, first, DeliveryState.SENDING, unclaimed)
    others = select(Delivery.id).where(
        *goes_with(delivery),
        Delivery.state == DeliveryState.QUEUED,
        Delivery.id != delivery.id,
        IS_DUE,
    )
    waiting = session.scalars(others.order_by(Delivery.id).limit(MOST_PUT_OFF)).all()
    for place, one in enumerate(waiting, start=1):
        _wait(session, one, first + place * step, DeliveryState.QUEUED, {})


def let_wait(session: Session, delivery: Delivery, until: object) -> None:
    """Let what goes with a delivery wait as long as it does: nobody is there, or it is slow.

    It costs no try: else each of 500 recipients would hold up a worker until a silent server is
    given up, six times over. `until` is an instant, or what the database makes of one.
    """
    session.execute(
        update(Delivery)
        .where(*goes_with(delivery), Delivery.state == DeliveryState.QUEUED, IS_DUE)
        .values(next_try_at=until, lease_until=None),
        execution_options=NO_SYNC,
    )


def _wait(
    session: Session,
    delivery_id: int,
    until: datetime,
    state: DeliveryState,
    values: dict[str, Any],
) -> None:
    session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == state)
        .values(next_try_at=until, lease_until=None, **values),
        execution_options=NO_SYNC,
    )


def _step(channel: Channel) -> timedelta | None:
    """Return the least time between two messages; None where the channel has no limit."""
    per_minute = channel.settings.get("per_minute")
    return MINUTE / per_minute if isinstance(per_minute, int) and per_minute > 0 else None
