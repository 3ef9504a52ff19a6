"""The waits between the attempts of a run."""

from datetime import timedelta


def wait_after(attempt: int, *, first: float, growth: float, longest: float) -> timedelta:
    """The wait after the failed attempt number `attempt`; `first` and `longest` are seconds."""
    seconds = first * growth ** min(attempt - 1, 60)
    return timedelta(seconds=min(seconds, longest))


def longer_by_chance(wait: timedelta, *, jitter: float, chance: float) -> timedelta:
    """Return the wait, longer by at most the part `jitter` of itself; `chance` is 0 to 1."""
    return wait * (1 + jitter * chance)


def retry_preview(
    *,
    max_attempts: int,
    retry_delay_seconds: float,
    retry_backoff: float,
    retry_max_delay_seconds: float,
) -> list[timedelta]:
    """The least wait after each failed attempt that another one may follow."""
    return [
        wait_after(
            attempt,
            first=retry_delay_seconds,
            growth=retry_backoff,
            longest=retry_max_delay_seconds,
        )
        for attempt in range(1, max_attempts)
    ]
