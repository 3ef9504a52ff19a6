"""How a try to send a delivery ended, and what follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from logging import getLogger
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from tasks.clock import utcnow
from tasks.db import db_now
from tasks.errors import mark
from tasks.incidents.deliveries import delivery_ended
from tasks.jobs.context import storable
from tasks.models import Delivery, DeliveryState
from tasks.settings import settings

log = getLogger(__name__)

MAX_TRIES = 12
LONGEST_WAIT = 60
"""Times the first wait: with the usual 30 s the tries outlast three hours without a mail server."""
LONGEST_ERROR = 2_000
"""Letters; a server may answer with as many as it likes."""
SENT_TWICE = mark(
    "It may have been sent twice: an earlier try broke off before anybody confirmed it."
)
BROKE = mark("The sending broke with {name}. This is a fault of the program: its log tells more.")
GIVEN_UP = (DeliveryState.SENDING, DeliveryState.QUEUED, DeliveryState.UNCERTAIN)
"""In what a delivery may be whose sender was given up for dead, while nobody else has begun."""


@dataclass(frozen=True, slots=True)
class End:
    """What becomes of a delivery that was tried."""

    state: DeliveryState
    error: str | None = None
    reason: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    nobody_there: bool = False
    """Whether all that goes the same way would end so too."""


def delivered(delivery: Delivery, told: str) -> End:
    """It arrived; `told` is what is unusual about how."""
    twice = SENT_TWICE if delivery.doubtful_tries else ""
    reason = " ".join(filter(None, (told, twice)))
    return End(DeliveryState.DELIVERED, reason=reason, values={"delivered_at": db_now()})


def failed(error: str) -> End:
    """It is refused, and another try would be as well."""
    return End(DeliveryState.FAILED, error=error)


def suppressed(reason: str) -> End:
    """It is not to be sent at all."""
    return End(DeliveryState.SUPPRESSED, reason=reason)


def not_now(delivery: Delivery, error: str, *, nobody_there: bool = False) -> End:
    """It did not arrive, and is tried again later, each time after a longer wait."""
    tried = delivery.tries % MAX_TRIES  # tries are never set back: they fence a late sender
    if tried == 0:
        return replace(failed(error), nobody_there=nobody_there)
    again = {"next_try_at": db_now(wait_after(tried))}
    return End(DeliveryState.QUEUED, error=error, values=again, nobody_there=nobody_there)


def in_doubt(delivery: Delivery, error: str) -> End:
    """Nobody knows whether it arrived: it is tried once more, and only once.

    Its recipient rather gets it twice than not at all, but never a third time by itself.
    """
    doubts = delivery.doubtful_tries + 1
    if doubts > 1:
        return End(DeliveryState.UNCERTAIN, error=error, values={"doubtful_tries": doubts})
    again = {"doubtful_tries": doubts, "next_try_at": db_now(first_wait())}
    return End(DeliveryState.QUEUED, error=error, values=again)


def broken(delivery: Delivery, error: Exception, *, may_be_out: bool) -> End:
    """It met a fault of ours; `may_be_out` says whether it may have arrived all the same."""
    said = BROKE.format(name=type(error).__name__)
    return in_doubt(delivery, said) if may_be_out else not_now(delivery, said)


def wait_after(tried: int) -> timedelta:
    """How long the next try waits after this many in vain: twice as long each time, to a limit."""
    growth: int = min(2 ** (tried - 1), LONGEST_WAIT)
    return first_wait() * growth


def first_wait() -> timedelta:
    """How long the second try waits after the first."""
    return timedelta(seconds=settings().delivery_retry_seconds)


def record(session: Session, delivery: Delivery, end: End) -> bool:
    """Write the end down; False where the delivery is not this sender's any more.

    That it has arrived is said however late, as long as nobody has begun to send it once more.
    """
    arrived = end.state is DeliveryState.DELIVERED
    error = None if end.error is None else _kept(end.error)
    ended = session.scalar(
        update(Delivery)
        .where(
            Delivery.id == delivery.id,
            Delivery.state.in_(GIVEN_UP if arrived else (DeliveryState.SENDING,)),
            Delivery.tries == delivery.tries,
        )
        .values(
            state=end.state,
            error=error,
            reason=_kept(end.reason),
            lease_until=None,
            **end.values,
        )
        .returning(Delivery.id),
        execution_options={"synchronize_session": False},
    )
    if ended is None:
        return False
    log.info(
        "delivery ended",
        extra={"delivery_id": delivery.id, "run_id": delivery.run_id, "state": end.state},
    )
    if arrived or delivery.delivered_at is None:  # else only a copy failed
        delivery_ended(session, delivery, end.state, now=utcnow(), error=error)
    return True


def _kept(told: str) -> str:
    """Return what the other side said as a database can keep it, however much it was."""
    text = storable(told)
    return text if len(text) <= LONGEST_ERROR else f"{text[: LONGEST_ERROR - 1]}…"
