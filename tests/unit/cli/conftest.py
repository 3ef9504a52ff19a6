"""Commands, called in this process against a migrated SQLite database."""

import logging
from collections.abc import Iterator
from typing import Protocol

import pytest
from click.testing import CliRunner, Result

from tasks.cli.main import main


class Call(Protocol):
    def __call__(self, *arguments: str, typed: str | None = None) -> Result: ...


@pytest.fixture
def orchestrator(sqlite_database: str) -> Iterator[Call]:
    """Call `orchestrator ARGUMENTS`; an unexpected error of the command fails the test."""
    assert sqlite_database

    def call(*arguments: str, typed: str | None = None) -> Result:
        result = CliRunner().invoke(main, arguments, input=typed)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    yield call
    logging.captureWarnings(False)
