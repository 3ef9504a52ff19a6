"""What PostgreSQL and its driver say when something is wrong, said again to who has to act."""

import re
from collections.abc import Callable

import psycopg

from tasks.errors import ErrorKind, JobError
from tasks.sources import sql_sentences as say
from tasks.sources.hana_errors import Whereabouts
from tasks.sources.sql_text import SqlError

Offset = Callable[[int], int]

UNREACHABLE, REFUSED, LOST, SQL = (
    ErrorKind.SOURCE_UNREACHABLE,
    ErrorKind.SOURCE_REFUSED,
    ErrorKind.SOURCE_LOST,
    ErrorKind.SQL,
)

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
        reason = say.first_line(text.rpartition("failed: ")[2])
        return JobError(say.UNREACHABLE, kind=UNREACHABLE, transient=True, reason=reason, **values)
    reason = say.first_line(answered["said"])
    if any(sign in reason for sign in _LATER):
        return JobError(say.NOT_NOW, kind=UNREACHABLE, transient=True, reason=reason, **values)
    return JobError(say.LOGIN, kind=REFUSED, transient=False, reason=reason, **values)


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
        "reason": say.first_line(error.diag.message_primary or str(error)),
        "source": where.source,
        "address": where.address,
        "seconds": where.seconds,
    }
    if kind is SQL and at is not None and error.diag.statement_position:
        start = at(int(error.diag.statement_position) - 1)
        return SqlError(say.SQL_AT, sql=sql, start=start, **values)
    return JobError(template, kind=kind, transient=transient, **values)


def _meaning(error: psycopg.Error, *, too_long: bool) -> tuple[str, ErrorKind, bool]:
    state = error.sqlstate or ""
    if state == _CANCELLED:
        return say.TOO_LONG if too_long else say.STOPPED, LOST, True
    if state == _RIGHT_IS_MISSING:
        return say.RIGHTS, REFUSED, False
    if state.startswith(_BUSY_STATES):
        return say.BUSY, LOST, True
    if state.startswith(_LOST_STATES) or (
        not state and isinstance(error, psycopg.OperationalError)
    ):
        return say.LOST, LOST, True
    return (say.SQL, SQL, False) if state else (say.VALUE, SQL, False)
