"""Which task put a file where it lies: told by the deliveries over its channel."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.models import Delivery, DeliveryState, Run, TaskDefinition

MOST_LOOKED_AT = 2_000
"""Deliveries over the channel; a file that was put before the last of them is nobody's."""


def foreign_task(session: Session, delivery: Delivery, place: str) -> str:
    """Return the title of the other task that has put the file at this place last.

    Empty where it was this delivery's own task, or where no delivery tells: somebody has put it
    there by hand, or so long ago that its run is no longer kept.
    """
    newest = (
        select(Delivery.id, Delivery.run_id, Delivery.reason)
        .where(
            Delivery.recipient == delivery.recipient,
            Delivery.channel == delivery.channel,
            Delivery.channel_slug == delivery.channel_slug,
            Delivery.state == DeliveryState.DELIVERED,
        )
        .order_by(Delivery.id.desc())
        .limit(MOST_LOOKED_AT)
        .subquery()
    )
    told = session.execute(
        select(newest.c.run_id, newest.c.reason)
        .where(newest.c.reason.contains(place, autoescape=True))
        .order_by(newest.c.id.desc())
    )
    whole = re.compile(rf" {re.escape(place)}(, |\.$|\. )")
    last = next((run_id for run_id, reason in told if whole.search(reason)), None)
    owner, mine = _task(session, last), _task(session, delivery.run_id)
    return "" if owner is None or owner is mine else owner.title


def _task(session: Session, run_id: int | None) -> TaskDefinition | None:
    of_run = select(TaskDefinition).join(Run, Run.task_definition_id == TaskDefinition.id)
    return session.scalars(of_run.where(Run.id == run_id)).one_or_none()
