"""A lock that keeps this process from forking while one of its threads is in the middle of a look.

A child that is forked meanwhile would find the libraries of that thread locked for good.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_looking = threading.Lock()
_here = threading.local()

os.register_at_fork(
    before=_looking.acquire,
    after_in_parent=_looking.release,
    after_in_child=_looking.release,
)


@contextmanager
def looking() -> Iterator[None]:
    """Let no fork happen while the block runs."""
    with _looking:
        _here.looks = True
        try:
            yield
        finally:
            _here.looks = False


@contextmanager
def waiting_outside() -> Iterator[None]:
    """Let forks happen while the block waits for somebody outside, such as a mail server."""
    if not getattr(_here, "looks", False):
        yield
        return
    _looking.release()
    try:
        yield
    finally:
        _looking.acquire()
