"""Dispatch: tell the workers, through the broker, which rows wait. The rows are the truth.

A row is marked and the mark committed before its message is sent. A message that got lost is
sent again once its grace is over; one that comes twice finds nothing to claim.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from logging import getLogger

from kombu import Connection
from kombu.exceptions import BatchPublishError, LimitExceeded, OperationalError
from kombu.pools import producers
from kombu.utils.uuid import uuid
from redis.exceptions import RedisError
from sqlalchemy import Row, exists, func, or_, select, update

from tasks.celery_app import app
from tasks.db import db_now, reading, transaction
from tasks.models import IS_HELD, IS_READY, Delivery, DeliveryState, Run, RunState
from tasks.runs.broker import messages_in
from tasks.runs.holds import PAUSED_WITH_WORK, settle
from tasks.runs.plenty import has_plenty, spare
from tasks.runs.statements import NOT_TOLD
from tasks.runs.window import IN_BROKER, UNTOLD, mark, waiting, without_needless
from tasks.settings import settings

log = getLogger(__name__)

DELIVERY_GRACE = timedelta(seconds=30)
DELIVERIES_AT_ONCE = 50
MESSAGES_IN_ONE_GO = 100
AWAY = (BatchPublishError, LimitExceeded, OperationalError)

# The publisher has options of its own: with the worker's a publish takes 6 s when the broker
# refuses and 10 s when it is silent, and a click would wait for that.
PUBLISHER = {
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "socket_timeout": 0.4,
    "socket_connect_timeout": 0.4,
}


@dataclass(frozen=True, slots=True)
class Message:
    """What goes to the broker: a task's name and the id of a row, nothing else."""

    task: str
    id: int
    queue: str
    priority: int


_DELIVERY_DUE = (
    Delivery.state == DeliveryState.QUEUED,
    or_(Delivery.next_try_at.is_(None), Delivery.next_try_at <= db_now()),
    or_(Delivery.lease_until.is_(None), Delivery.lease_until <= db_now()),
)

_DUE = select(Delivery.id).where(*_DELIVERY_DUE).order_by(Delivery.id + 0)
"""Not by the key itself: PostgreSQL would walk along it through all that were ever sent."""
_ITS_QUEUE = select(Run.queue).where(Run.id == Delivery.run_id).scalar_subquery()
_FULL = (
    select(_ITS_QUEUE.label("queue"))
    .where(Delivery.state == DeliveryState.QUEUED, Delivery.lease_until > db_now())
    .group_by("queue")
    .having(func.count() >= DELIVERIES_AT_ONCE)
)
"""The queues with so many messages about deliveries that nobody has taken yet. Without this bound
a slow mail server would fill the broker with them, each in its turn again, and runs came last."""

_WORK = select(
    exists().where(IS_HELD),
    exists(PAUSED_WITH_WORK),
    exists().where(IS_READY, UNTOLD),
    exists().where(*_DELIVERY_DUE),
    IN_BROKER.scalar_subquery(),
)
"""Whether anything is held, ready although its queue is paused, to be told, or to be delivered;
and how many messages of a queue are on their way."""


def dispatch_soon(*, after: str = "") -> bool:
    """Send messages for what waits; False where the broker is away (beat sends them later).

    After a run of the queue `after` only where the broker has not plenty of that queue's messages:
    to refill it for each run would cost each a transaction, and three statements more.
    """
    held, paused, untold, deliveries, left = look(after)
    if after:
        spare(after, 0 if held or paused or deliveries else left)
    released = settle() if held or paused else 0
    wanted = released or (untold and not (after and has_plenty(after, left)))
    sent = _send(_mark_runs()) if wanted else True
    return sent and (_send(_mark_deliveries()) if deliveries else True)


def look(queue: str = "") -> Row[bool, bool, bool, bool, int]:
    """Return what there is to do: see _WORK; the messages are those of this queue."""
    with (
        reading() as session
    ):  # by its connection: through the ORM it would cost half as much again
        return session.connection().execute(_WORK, {"queue": queue}).one()


def tell(run: Run) -> bool:
    """Send the message of a run just promised, if its promise left room for one; as above."""
    if run.state is not RunState.QUEUED or run.published_at is None:
        return True
    return _send([Message("tasks.perform", run.id, run.queue, run.priority)])


def _send(messages: Sequence[Message]) -> bool:
    """Send the messages, many in one go; what may not have been sent is unmarked."""
    for start in range(0, len(messages), MESSAGES_IN_ONE_GO):
        try:
            _publish(messages[start : start + MESSAGES_IN_ONE_GO])
        except (*AWAY, RedisError, OSError) as error:
            waiting = messages[start:]
            log.warning("broker is away", extra={"why": str(error), "waiting": len(waiting)})
            _unmark(waiting)
            return False
    return True


def _mark_runs() -> list[Message]:
    with reading() as session:
        rows = waiting(session)
        rows = without_needless(session, rows, held=messages_in)
    if not rows:
        return []
    with transaction() as session:
        marked = mark(session, rows)
    return [Message("tasks.perform", row.id, row.queue, row.priority) for row in marked]


def _mark_deliveries() -> list[Message]:
    with reading() as session:
        full = session.scalars(_FULL).all()
        due = _DUE.where(_ITS_QUEUE.not_in(full)) if full else _DUE
        waiting = session.scalars(due.limit(DELIVERIES_AT_ONCE)).all()
    if not waiting:
        return []
    with transaction() as session:
        marked = session.scalars(
            update(Delivery)
            .where(Delivery.id.in_(waiting), *_DELIVERY_DUE)
            .values(lease_until=db_now(DELIVERY_GRACE))
            .returning(Delivery.id),
            execution_options={"synchronize_session": False},
        ).all()
        rows = session.execute(
            select(Delivery.id, Run.queue, Run.priority)
            .join(Delivery.run)
            .where(Delivery.id.in_(marked))
        ).all()
    return [Message("tasks.deliver", *row) for row in rows]


def _unmark(messages: Iterable[Message]) -> None:
    """Take the marks back of what was not sent, so that it goes with the next tick."""
    runs = [message.id for message in messages if message.task == "tasks.perform"]
    deliveries = [message.id for message in messages if message.task == "tasks.deliver"]
    with transaction() as session:
        session.execute(
            update(Run).where(Run.id.in_(runs), Run.state == RunState.QUEUED).values(NOT_TOLD),
            execution_options={"synchronize_session": False},
        )
        session.execute(
            update(Delivery)
            .where(Delivery.id.in_(deliveries), Delivery.state == DeliveryState.QUEUED)
            .values(lease_until=None),
            execution_options={"synchronize_session": False},
        )


def _publish(messages: Sequence[Message]) -> None:
    with (
        producers[_broker(settings().broker_url)].acquire(block=True, timeout=1) as producer,
        producer.batch(),
    ):
        for message in messages:
            made = app.amqp.as_task_v2(uuid(), message.task, args=[message.id], ignore_result=True)
            producer.publish(
                made.body,
                headers=made.headers,
                serializer="json",
                exchange="",  # straight to the queue: else its bindings are looked up each time
                routing_key=message.queue,
                priority=9 - message.priority,  # Redis's 0 is the most urgent, our 9 is
                retry=False,
                **made.properties,
            )


@lru_cache(maxsize=1)
def _broker(url: str) -> Connection:
    return Connection(url, transport_options=app.conf.broker_transport_options | PUBLISHER)
