"""Whether an error is the database's trouble or that of what was asked of it."""

import sqlite3

import psycopg
import pytest
from psycopg import errors
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from tasks.scheduling.stepping_over import is_the_databases


def wrapped(error: Exception) -> OperationalError:
    return OperationalError("SELECT 1", {}, error)


@pytest.mark.parametrize(
    "error",
    [
        psycopg.OperationalError("the connection is closed"),
        errors.ConnectionFailure(),
        errors.DeadlockDetected(),
        errors.DiskFull(),
        errors.AdminShutdown(),
        errors.QueryCanceled(),
        errors.IoError(),
        sqlite3.OperationalError("database is locked"),
    ],
)
def test_what_the_server_suffers_from_is_the_databases(error: Exception) -> None:
    assert is_the_databases(wrapped(error))


@pytest.mark.parametrize("error", [errors.LockNotAvailable(), errors.ProgramLimitExceeded()])
def test_what_one_row_makes_the_server_refuse_is_not(error: Exception) -> None:
    assert not is_the_databases(wrapped(error))


def test_a_connection_that_is_gone_or_not_to_be_had_is_the_databases() -> None:
    gone = errors.LockNotAvailable()
    assert is_the_databases(DBAPIError("", {}, gone, connection_invalidated=True))
    assert is_the_databases(NoConnection())
    assert not is_the_databases(LookupError())
