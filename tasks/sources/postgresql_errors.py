"""What PostgreSQL and its driver say when something is wrong, said again to who has to act."""

import re
from collections.abc import Callable

import psycopg

from tasks.errors import ErrorKind, JobError, mark
from tasks.sources.hana_errors import Whereabouts
from tasks.sources.sql_text import SqlError

Offset = Callable[[int], int]

UNREACHABLE, REFUSED, LOST, SQL = (
    ErrorKind.SOURCE_UNREACHABLE,
    ErrorKind.SOURCE_REFUSED,
    ErrorKind.SOURCE_LOST,
    ErrorKind.SQL,
)

_LOGIN = mark(
    "The database refuses the login of the source {source}: {reason} Correct the user or the "
    "password on the page of the source."
)
_NOT_NOW = mark("The database at {address} takes nobody now: {reason} It can be tried again.")
_UNREACHABLE = mark(
    "The database at {address} cannot be reached: {reason} Check the address and the port of the "
    "source {source}, and whether the database runs."
)
_RIGHTS = mark(
    "The user of the source {source} may not do this in the database ({code}): {reason} Ask its "
    "administrator for the right to read it."
)
_LOST = mark("The connection to the database at {address} broke. It can be tried again.")
_BUSY = mark("The database is too busy ({code}): {reason} It can be tried again.")
_STOPPED = mark("The database stopped the query ({code}): {reason}")
_TOO_LONG = mark(
    "The query took longer than the {seconds} s that the source {source} allows ({code}). Let it "
    "read less, or allow it more time on the page of the source."
)
_VALUE = mark("A value of the result cannot be read: {reason}")
_SQL = mark("The database refuses the query ({code}): {reason}")
_SQL_AT = mark("Line {line}, column {column}: the database refuses the query ({code}): {reason}")

_ANSWERED = re.compile(r"failed: [^:\n]{1,40}:  (?P<said>[^\n]+)")
"""What the server said, after its word for FATAL: the client's own faults have one space there."""
_LATER = ("starting up", "shutting down", "recovery mode", "too many", "connection slots")

_CANCELLED = "57014"
_RIGHT_IS_MISSING = "42501"
_BUSY_STATES = ("53", "40", "55P03")
_LOST_STATES = ("08", "57P", "25P03")


def explain_login(error: psycopg.Error, where: Whereabouts) -> JobError:
    """Turn an error of connecting into the product's; only a refusal of the server is one."""
    text = str(error).strip()
    values: dict[str, object] = {"source": where.source, "address": where.address}
    if (answered := _ANSWERED.search(text)) is None:
        reason = _reason(text.rpartition("failed: ")[2])
        return JobError(_UNREACHABLE, kind=UNREACHABLE, transient=True, reason=reason, **values)
    reason = _reason(answered["said"])
    if any(sign in reason for sign in _LATER):
        return JobError(_NOT_NOW, kind=UNREACHABLE, transient=True, reason=reason, **values)
    return JobError(_LOGIN, kind=REFUSED, transient=False, reason=reason, **values)


def explain(
    error: psycopg.Error,
    where: Whereabouts,
    *,
    sql: str = "",
    at: Offset | None = None,
    seconds: float = 0,
) -> JobError:
    """Turn an error of a query that took so many seconds into the product's.

    `sql` is the author's text; `at` tells where in it stands what PostgreSQL names by its place.
    """
    state = error.sqlstate
    template, kind, transient = _meaning(error, too_long=seconds >= where.seconds)
    values: dict[str, object] = {
        "code": state,
        "reason": _reason(error.diag.message_primary or str(error)),
        "source": where.source,
        "address": where.address,
        "seconds": where.seconds,
    }
    if kind is SQL and at is not None and error.diag.statement_position:
        start = at(int(error.diag.statement_position) - 1)
        return SqlError(_SQL_AT, sql=sql, start=start, **values)
    return JobError(template, kind=kind, transient=transient, **values)


def _meaning(error: psycopg.Error, *, too_long: bool) -> tuple[str, ErrorKind, bool]:
    state = error.sqlstate or ""
    if state == _CANCELLED:
        return _TOO_LONG if too_long else _STOPPED, LOST, True
    if state == _RIGHT_IS_MISSING:
        return _RIGHTS, REFUSED, False
    if state.startswith(_BUSY_STATES):
        return _BUSY, LOST, True
    if state.startswith(_LOST_STATES) or (
        not state and isinstance(error, psycopg.OperationalError)
    ):
        return _LOST, LOST, True
    return (_SQL, SQL, False) if state else (_VALUE, SQL, False)


def _reason(text: str) -> str:
    return text.strip().splitlines()[0].rstrip(".:") + "." if text.strip() else "–"
