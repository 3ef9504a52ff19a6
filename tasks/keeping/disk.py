"""How much room this machine has for what runs make."""

import os
import time
from functools import lru_cache

from tasks.settings import settings

MEGABYTE = 1_000_000
AGAIN_PERCENT = 110
LOOK_SECONDS = 1.0
"""So old an answer may be: many claims a second ask."""


def has_room() -> bool:
    """Whether a run may begin here; a folder that cannot be looked at tells so at the first write.

    A second old at most.
    """
    return _has_room(_now(), settings().disk_free_megabytes)


def has_room_again() -> bool:
    """Whether what waited for room may begin: with somewhat more of it than makes runs wait.

    Else each run that begins and ends at the limit would turn the guard on and off.
    """
    return _has_room(_now(), settings().disk_free_megabytes * AGAIN_PERCENT // 100)


def free_megabytes() -> int:
    """Return how much is free in the home folder; raises OSError where it cannot be read."""
    found = os.statvfs(settings().home_dir)
    return found.f_bavail * found.f_frsize // MEGABYTE


def _now() -> int:
    return int(time.monotonic() / LOOK_SECONDS)


@lru_cache(maxsize=2)
def _has_room(_second: int, least: int) -> bool:
    if least == 0:
        return True
    try:
        return free_megabytes() >= least
    except OSError:
        return True
