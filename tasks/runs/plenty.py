"""How full the broker was when this process last looked: after most runs nothing is to be done."""

import random
import time
from dataclasses import dataclass

MESSAGES_PER_SLOT = 4
PLENTY = (0.25, 0.5)
"""Parts of the window."""
SPARED_SECONDS = 0.25
"""For so long at most a look counts: what comes up meanwhile waits for the next one."""


@dataclass(slots=True)
class _Spared:
    """How many more runs this process may end without a look, and until when."""

    runs: int
    until: float


_windows: dict[str, int] = {}
"""The window of each queue, as this process last counted it."""
_spared: dict[str, _Spared] = {}


def window_of(queue: str, *, slots: int) -> int:
    """Return how many messages of a queue with so many slots the broker may hold; remember it."""
    _windows[queue] = MESSAGES_PER_SLOT * slots
    return _windows[queue]


def has_plenty(queue: str, in_broker: int) -> bool:
    """Whether so many messages are plenty for what the window of the queue last was.

    More than half of it always are, a quarter never. Between them chance decides, the rather no
    the fewer are left: else every slot would refill the broker at once, and most for nothing.
    """
    window = _windows.get(queue)
    return window is not None and in_broker > window * random.uniform(*PLENTY)  # noqa: S311


def spare(queue: str, in_broker: int) -> None:
    """Let this process end its part of the runs that leave a quarter of the window, unlooked."""
    window = _windows.get(queue, 0)
    if window:
        share = (in_broker - window * PLENTY[0]) * MESSAGES_PER_SLOT / window
        _spared[queue] = _Spared(int(share), time.monotonic() + SPARED_SECONDS)


def is_spared(queue: str) -> bool:
    """Whether this process may end one more run of the queue without a look; counts it."""
    spared = _spared.get(queue)
    if spared is None or spared.runs <= 0 or time.monotonic() > spared.until:
        return False
    spared.runs -= 1
    return True
