"""Time stands still in the unit tests."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """The instant at which the unit tests happen, a Monday."""
    return NOW


@pytest.fixture(autouse=True)
def _standing_time() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield
