"""Patience with our own database, which may be away for a moment."""

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

ResultT = TypeVar("ResultT")

AGAIN_SECONDS = 0.2


def nothing() -> None:
    """Let the waiting go on."""


def patiently(
    work: Callable[[], ResultT], *, seconds: float, check: Callable[[], None] = nothing
) -> ResultT:
    """Do the work, again while our database fails it, for `seconds`; then raise what it said.

    `check` is called before each further try, and ends the waiting by what it raises.
    """
    until = time.monotonic() + seconds
    while True:
        try:
            return work()
        except DBAPIError:
            if time.monotonic() > until:
                raise
        time.sleep(AGAIN_SECONDS)
        check()
