"""Python's collector of garbage, which calls back whoever asked for it."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def no_callbacks() -> Iterator[None]:
    """Let the collector call nobody: an order to stop that is raised in there would be lost.

    Hypothesis leaves such a callback behind in the process, to count the time of the collector.
    """
    callbacks = gc.callbacks[:]
    gc.callbacks.clear()
    yield
    gc.callbacks[:0] = callbacks
