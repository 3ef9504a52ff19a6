"""The broker's epoch: a key that lives as long as its messages do.

A broker that was restarted without its messages, or was flushed, has lost the key with them. Then
every message that we believe on its way is gone, and is sent again at once instead of after its
grace.
"""

from logging import getLogger
from uuid import uuid4

from redis.exceptions import RedisError
from sqlalchemy import select, update

from tasks.db import db_now, insert_once, reading, transaction
from tasks.models import IS_QUEUED, Delivery, DeliveryState, Run, SchedulerMark
from tasks.runs.broker import broker
from tasks.runs.statements import NOT_TOLD
from tasks.settings import settings

log = getLogger(__name__)

MARK = "epoch"
QUIETLY = {"synchronize_session": False}


_KNOWN = select(SchedulerMark.value).where(SchedulerMark.name == MARK)


def notice_new_epoch() -> bool:
    """Forget the marks of all messages where the broker's life is a new one; returns whether."""
    try:
        present = _present_epoch()
    except (RedisError, OSError) as error:
        log.warning("broker is away", extra={"why": str(error)})
        return False
    if present == _known_epoch():
        return False
    forgotten = _forget_messages(present)
    log.warning("broker lost its messages", extra={"sent_again": forgotten})
    return True


def _present_epoch() -> str:
    """Return the broker's key, made now where there is none."""
    key = f"{settings().broker_prefix}epoch"
    found = broker().get(key)
    if found is None:
        broker().set(key, uuid4().hex, nx=True)
        found = broker().get(key)
    return str(found)


def _known_epoch() -> str | None:
    with reading() as session:
        return session.scalar(_KNOWN)


def _forget_messages(present: str) -> int:
    """Write the new epoch down, and unmark what waits; of several schedulers one does it."""
    with transaction() as session:
        insert_once(session, SchedulerMark, {"name": MARK, "at": db_now(), "value": ""})
        won = session.scalar(
            update(SchedulerMark)
            .where(SchedulerMark.name == MARK, SchedulerMark.value != present)
            .values(value=present, at=db_now())
            .returning(SchedulerMark.id),
            execution_options=QUIETLY,
        )
        if won is None:
            return 0
        runs = session.execute(
            update(Run)
            .where(IS_QUEUED, Run.republish_at.is_not(None))
            .values(NOT_TOLD)
            .returning(Run.id),
            execution_options=QUIETLY,
        ).all()
        session.execute(
            update(Delivery)
            .where(Delivery.state == DeliveryState.QUEUED, Delivery.lease_until.is_not(None))
            .values(lease_until=None),
            execution_options=QUIETLY,
        )
    return len(runs)
