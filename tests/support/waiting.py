"""Waiting for a fact instead of sleeping."""

import time
from collections.abc import Callable

POLL_SECONDS = 0.02


def wait_until(fact: Callable[[], object], what: str, *, seconds: float = 60) -> None:
    """Return as soon as `fact()` is true; fail with `what` when the seconds are over."""
    until = time.monotonic() + seconds
    while not fact():
        if time.monotonic() > until:
            raise AssertionError(f"waited {seconds} s in vain: {what}")
        time.sleep(POLL_SECONDS)
