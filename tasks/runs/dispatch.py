"""Dispatch: tell the workers, through the broker, which rows wait. The rows are the truth.

A row is marked and the mark committed before its message is sent. A message that got lost is
sent again once its grace is over; one that comes twice finds nothing to claim. At most a window
of messages lies in the broker, so that the database's order of priority is what decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from logging import getLogger

from kombu import Connection
from kombu.exceptions import OperationalError
from kombu.pools import producers
from redis.exceptions import RedisError
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from tasks.celery_app import app
from tasks.db import db_now, reading, transaction
from tasks.models import Delivery, DeliveryState, Run, RunState, Worker
from tasks.settings import settings

log = getLogger(__name__)

MESSAGES_PER_SLOT = 4
WORKER_SEEN_WITHIN = timedelta(seconds=30)
LONGEST_DOUBLING = 6
DELIVERY_GRACE = timedelta(seconds=30)
DELIVERIES_AT_ONCE = 50

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


def dispatch_soon() -> bool:
    """Send messages for what waits; False where the broker is away (beat sends them later)."""
    messages = _mark_runs() + _mark_deliveries()
    sent = 0
    try:
        for message in messages:
            _publish(message)
            sent += 1
    except (OperationalError, RedisError, OSError) as error:
        log.warning("broker is away", extra={"why": str(error), "waiting": len(messages) - sent})
        _unmark(messages[sent:])
        return False
    return True


def _mark_runs() -> list[Message]:
    with reading() as session:
        waiting = _waiting(session)
    if not waiting:
        return []
    with transaction() as session:
        return [message for run in waiting if (message := _mark(session, run))]


def _waiting(session: Session) -> list[Run]:
    """Return the rows whose message is due, the most urgent first, as many as the window takes."""
    slots = _slots_by_queue(session)
    chosen: list[Run] = []
    due = (
        select(Run)
        .where(
            Run.state == RunState.QUEUED,
            or_(Run.next_attempt_at.is_(None), Run.next_attempt_at <= db_now()),
            or_(Run.republish_at.is_(None), Run.republish_at <= db_now()),
        )
        .order_by(Run.priority.desc(), Run.due_at, Run.id)
    )
    for queue in session.scalars(
        select(Run.queue).where(Run.state == RunState.QUEUED).distinct()
    ).all():
        window = MESSAGES_PER_SLOT * slots.get(queue, settings().worker_slots)
        room = window - _in_broker(session, queue)
        if room > 0:
            chosen += session.scalars(due.where(Run.queue == queue).limit(room))
    return chosen


def _in_broker(session: Session, queue: str) -> int:
    return (
        session.scalar(
            select(func.count()).where(
                Run.state == RunState.QUEUED, Run.queue == queue, Run.republish_at > db_now()
            )
        )
        or 0
    )


def _slots_by_queue(session: Session) -> dict[str, int]:
    slots: dict[str, int] = {}
    seen = select(Worker).where(Worker.last_seen_at > db_now(-WORKER_SEEN_WITHIN))
    for worker in session.scalars(seen):
        for queue in worker.queues:
            slots[queue] = slots.get(queue, 0) + worker.slots
    return slots


def _mark(session: Session, run: Run) -> Message | None:
    """Mark a row as told to the broker; None where somebody else was quicker."""
    grace = timedelta(seconds=settings().republish_seconds) * 2 ** min(
        run.publications, LONGEST_DOUBLING
    )
    marked = session.scalar(
        update(Run)
        .where(
            Run.id == run.id,
            Run.state == RunState.QUEUED,
            Run.publications == run.publications,
            Run.attempt == run.attempt,
        )
        .values(
            published_at=db_now(),
            republish_at=db_now(grace),
            publications=run.publications + 1,
        )
        .returning(Run.id),
        execution_options={"synchronize_session": False},
    )
    return None if marked is None else Message("tasks.perform", run.id, run.queue, run.priority)


def _mark_deliveries() -> list[Message]:
    due = (
        select(Delivery.id)
        .where(
            Delivery.state == DeliveryState.QUEUED,
            or_(Delivery.next_try_at.is_(None), Delivery.next_try_at <= db_now()),
        )
        .order_by(Delivery.id)
        .limit(DELIVERIES_AT_ONCE)
    )
    with reading() as session:
        if not (waiting := session.scalars(due).all()):
            return []
    with transaction() as session:
        marked = session.scalars(
            update(Delivery)
            .where(
                Delivery.id.in_(waiting),
                Delivery.state == DeliveryState.QUEUED,
                or_(Delivery.next_try_at.is_(None), Delivery.next_try_at <= db_now()),
            )
            .values(next_try_at=db_now(DELIVERY_GRACE))
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
            update(Run)
            .where(Run.id.in_(runs), Run.state == RunState.QUEUED)
            .values(published_at=None, republish_at=None),
            execution_options={"synchronize_session": False},
        )
        session.execute(
            update(Delivery)
            .where(Delivery.id.in_(deliveries), Delivery.state == DeliveryState.QUEUED)
            .values(next_try_at=None),
            execution_options={"synchronize_session": False},
        )


def _publish(message: Message) -> None:
    with producers[_broker(settings().broker_url)].acquire(block=True, timeout=1) as producer:
        app.send_task(
            message.task,
            args=[message.id],
            queue=message.queue,
            priority=9 - message.priority,  # Redis's 0 is the most urgent, our 9 is
            producer=producer,
            retry=False,
            ignore_result=True,
        )


@lru_cache(maxsize=1)
def _broker(url: str) -> Connection:
    return Connection(url, transport_options=app.conf.broker_transport_options | PUBLISHER)
