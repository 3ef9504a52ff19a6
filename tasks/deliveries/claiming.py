"""Taking a delivery to send it: one conditional UPDATE decides who does."""

from dataclasses import dataclass
from datetime import timedelta
from logging import getLogger

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from tasks.db import db_now, transaction
from tasks.deliveries.pace import IS_DUE, goes_with, has_pace, let_wait, put_off, takes_a_turn
from tasks.lowered import lowered
from tasks.models import (
    Channel,
    Delivery,
    DeliveryState,
    Run,
    TaskDefinition,
    Unsubscription,
)
from tasks.settings import settings

log = getLogger(__name__)

LONGEST_WAIT = 2.0
"""For how many seconds a worker waits until the pace lets its next one go, before it lets go."""
LEAST_WAIT = 0.005
SLOW_SECONDS = 10
"""A server that needs longer for one is spoken to by one sender at a time: see `_IS_HELD_UP`."""
ASIDE = timedelta(seconds=30)
"""For so long what goes to a slow server stands aside before it is looked at again."""
NO_SYNC = {"synchronize_session": False}
_OTHER = aliased(Delivery)
_IS_HELD_UP = exists().where(
    _OTHER.state == DeliveryState.SENDING,
    _OTHER.next_try_at < db_now(timedelta(seconds=-SLOW_SECONDS)),
    _OTHER.lease_until > db_now(),
    _OTHER.channel == Delivery.channel,
    _OTHER.channel_slug == Delivery.channel_slug,
)
"""Whether a sender has waited for the same server for long, and still does.

Else one slow server would soon hold all workers, and with them what goes other ways, and the runs.
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that this sender has, and what it has to know of its run."""

    delivery: Delivery
    attempt: int
    """The one that finished: its files go."""
    task_id: int
    title: str
    is_trial: bool
    has_stopped: bool
    """Whether its recipient has asked not to get this task's mails."""
    channel: Channel | None


def lease() -> timedelta:
    """How long a sender has a delivery from its last heartbeat on."""
    return timedelta(seconds=settings().lease_seconds)


def claim(delivery_id: int) -> Claimed | None:
    """Take the delivery that a message names; None where it does not wait to be sent now."""
    told = (
        Delivery.id == delivery_id,
        Delivery.lease_until.is_not(None),  # else the message is older than the last try
    )
    with transaction() as session:
        claimed = _take(session, select(Delivery.id).where(*told, ~_IS_HELD_UP))
        if claimed is None:
            _step_aside(session, *told)
        return claimed


def take_next(session: Session, before: Claimed) -> Claimed | None:
    """Take another delivery that goes the same way: of the same run, over the same channel."""
    waiting = select(Delivery.id).where(*goes_with(before.delivery), IS_DUE)
    return _take(session, waiting.order_by(Delivery.id))


def until_next(session: Session, before: Claimed) -> float | None:
    """Return in how many seconds the pace lets the next one go; None where that is no moment."""
    if before.channel is None or not has_pace(before.channel):
        return None
    queued = and_(*goes_with(before.delivery), Delivery.state == DeliveryState.QUEUED)
    due_at = func.min(func.coalesce(Delivery.next_try_at, db_now()))
    due = session.scalar(select(due_at).where(queued))
    free = session.scalar(select(Channel.free_at).where(Channel.id == before.channel.id))
    if due is None:
        return None
    now = session.scalars(select(db_now())).one()
    wait = (max(due, free or due) - now).total_seconds()
    return max(wait, LEAST_WAIT) if wait <= LONGEST_WAIT else None


def _step_aside(session: Session, *told: ColumnElement[bool]) -> None:
    """Let what is held up by a slow server wait, with all of its run that goes the same way."""
    held_up = select(Delivery).where(*told, Delivery.state == DeliveryState.QUEUED, _IS_HELD_UP)
    if (delivery := session.scalars(held_up).one_or_none()) is not None:
        log.info("delivery stepped aside", extra={"delivery_id": delivery.id})
        let_wait(session, delivery, db_now(ASIDE))


def _take(session: Session, wanted: Select[int]) -> Claimed | None:
    """Claim the first of these that nobody else has just taken."""
    one = wanted.where(Delivery.state == DeliveryState.QUEUED).limit(1)
    claimed = session.scalar(
        update(Delivery)
        .where(
            Delivery.id == one.with_for_update(skip_locked=True).scalar_subquery(),
            Delivery.state == DeliveryState.QUEUED,
        )
        .values(
            state=DeliveryState.SENDING,
            tries=Delivery.tries + 1,
            lease_until=db_now(lease()),
            next_try_at=db_now(),
        )
        .returning(Delivery.id),
        execution_options=NO_SYNC,
    )
    if claimed is None:
        return None
    found = _read(session, claimed)
    if found.channel is not None and not takes_a_turn(session, found.channel):
        put_off(session, found.delivery, found.channel)
        return None
    return found


def _read(session: Session, delivery_id: int) -> Claimed:
    stopped = exists().where(
        Unsubscription.task_definition_id == Run.task_definition_id,
        Unsubscription.address == lowered(Delivery.recipient),
    )
    its_channel = and_(
        Channel.slug == Delivery.channel_slug,
        Channel.kind == Delivery.channel,
        Delivery.channel_slug != "",
    )
    row = session.execute(
        select(
            Delivery,
            Run.attempt,
            Run.task_definition_id,
            TaskDefinition.title,
            Run.only_to.is_not(None),
            stopped,
            Channel,
        )
        .join(Run, Run.id == Delivery.run_id)
        .join(TaskDefinition, TaskDefinition.id == Run.task_definition_id)
        .outerjoin(Channel, its_channel)
        .where(Delivery.id == delivery_id),
        execution_options={"populate_existing": True},
    ).one()
    return Claimed(*row)
