"""Whether an error of the database is an outage, or a mistake of ours."""

import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

MISTAKES = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISUSE)
"""SQLite's codes for SQL that is wrong; the driver calls them operational all the same."""


def is_outage(error: BaseException) -> bool:
    """Whether the database is away or too busy, so that the same request can succeed later."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if not isinstance(error, OperationalError | InterfaceError | NoFreeConnection):
        return False
    code: int | None = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return code not in MISTAKES
