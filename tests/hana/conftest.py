"""Connections that are closed when the test is over."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.collector import no_callbacks
from tests.support.hana import OWNER, SCRATCH, Hana

__all__ = ["no_callbacks"]
"""A fixture of these tests."""

Connect = Callable[..., Any]


@pytest.fixture
def connect(hana: Hana) -> Iterator[Connect]:
    """Connect to the server, as often as the test likes."""
    made: list[Any] = []

    def connect(*arguments: Any, **options: Any) -> Any:
        made.append(hana.connect(*arguments, **options))
        return made[-1]

    yield connect
    hana.reset()
    for connection in made:
        connection.close()


@pytest.fixture
def cursor(connect: Connect) -> Any:
    """A cursor of somebody who may write, in the empty schema."""
    return connect(OWNER, currentSchema=SCRATCH).cursor()


@pytest.fixture
def reader(connect: Connect) -> Any:
    """A cursor of somebody who may read the companies and nothing else."""
    return connect().cursor()
