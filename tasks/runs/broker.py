"""The broker, asked about itself: without Celery, and with the patience of a click."""

from functools import lru_cache

from redis import Redis
from redis.exceptions import RedisError

from tasks.settings import settings

PATIENCE_SECONDS = 0.4
LEVEL_SEPARATOR = "\x06\x16"
"""What kombu puts between the name of a queue and a level of priority; the first has none."""


@lru_cache(maxsize=1)
def broker_at(url: str) -> Redis:
    """The client of this process."""
    return Redis.from_url(
        url,
        socket_timeout=PATIENCE_SECONDS,
        socket_connect_timeout=PATIENCE_SECONDS,
        decode_responses=True,
    )


def broker() -> Redis:
    """The client of the broker of the settings."""
    return broker_at(settings().broker_url)


def messages_in(queue: str) -> int | None:
    """Count the messages that the broker holds of a queue; None where it does not answer."""
    names = [queue, *(f"{queue}{LEVEL_SEPARATOR}{level}" for level in range(1, 10))]
    asked = broker().pipeline(transaction=False)
    for name in names:
        asked.llen(f"{settings().broker_prefix}{name}")
    try:
        return sum(map(int, asked.execute()))
    except (RedisError, OSError):
        return None
