"""What SQL Server and its driver say when something is wrong, said again to who has to act.

The numbers are SQL Server's own. Whether another try can help is decided by the number: a deadlock
or a busy server may heal, a name that does not exist does not.
"""

import ssl

import pytds

from tasks.errors import ErrorKind, JobError
from tasks.sources import sql_sentences as say
from tasks.sources.hana_errors import Whereabouts
from tasks.sources.mssql_channel import Channel, NoTls
from tasks.sources.sql_text import SqlError

UNREACHABLE, REFUSED, LOST, SQL, PARAMETER = (
    ErrorKind.SOURCE_UNREACHABLE,
    ErrorKind.SOURCE_REFUSED,
    ErrorKind.SOURCE_LOST,
    ErrorKind.SQL,
    ErrorKind.PARAMETER,
)
FAULTS = (pytds.Error, NoTls, OSError, ValueError, ArithmeticError, AssertionError)
"""All that the driver is known to raise; a value that it cannot read gives the last three."""

_ENDS_THE_LINE = 20
"""From this severity on the server ends the connection."""
_CLOUD_IS_BUSY = (
    *(40197, 40501, 40544, 40549, 40550, 40551, 40552, 40553, 40613),
    *(10928, 10929, 10936, 49918, 49919, 49920),
)
_LATER = frozenset(
    (
        *(17187, 17188, 17197, 17300, 18401, 18451, 6001, 6005),  # starting, ending, or full
        *(921, 922, 927, 976, 978, 979, 982, 983, 18461),  # in recovery, or kept for others
        *_CLOUD_IS_BUSY,
    )
)
_BUSY = frozenset(
    (
        *(1204, 1205, 1211, 1222, 3960, 3961, 601),  # locks, and rows that changed meanwhile
        *(701, 802, 8628, 8645, 8651, 10960, 1101, 1105, 9002),  # memory, workers and room
        *_CLOUD_IS_BUSY,
    )
)
_LOST = frozenset((233, 64, 121, 596, 10053, 10054, 10060, 6001, 6005, 6006, 17142))
_STOPPED = frozenset((3617, 3980, 8649, 10951))
_RIGHTS = frozenset((229, 230, 262, 297, 300, 371, 916, 4502, 15562, 18456))


def explain_login(error: Exception, where: Whereabouts) -> JobError:
    """Turn an error of connecting into the product's; only a refusal of the server is one."""
    values: dict[str, object] = {"source": where.source, "address": where.address}
    if isinstance(error, NoTls | ssl.SSLError):
        reason = say.first_line(getattr(error, "verify_message", "") or str(error))
        return JobError(say.TLS, kind=UNREACHABLE, transient=False, reason=reason, **values)
    if not isinstance(error, pytds.DatabaseError) or not error.number:
        reason = say.first_line(str(error) or type(error).__name__)
        return JobError(say.UNREACHABLE, kind=UNREACHABLE, transient=True, reason=reason, **values)
    reason = say.first_line(f"{error.args[0]} ({error.number})")
    if error.number in _LATER or error.severity >= _ENDS_THE_LINE:
        return JobError(say.NOT_NOW, kind=UNREACHABLE, transient=True, reason=reason, **values)
    return JobError(say.LOGIN, kind=REFUSED, transient=False, reason=reason, **values)


def explain(
    error: Exception, where: Whereabouts, *, channel: Channel | None = None, sql: str = ""
) -> JobError:
    """Turn an error of a query into the product's; `sql` is the author's text.

    The `channel` knows whether the query was stopped on order, or took too long for us.
    """
    if channel is not None and channel.stopped:
        return stopped()
    if channel is not None and channel.too_long:
        return JobError(
            say.TOO_LONG_FOR_US,
            kind=LOST,
            transient=True,
            seconds=where.seconds,
            source=where.source,
        )
    if isinstance(error, pytds.DatabaseError) and error.number:
        return _said(error, where, sql)
    return _of_the_driver(error, where)


def stopped() -> JobError:
    """Return the error of a query that was stopped on order."""
    return JobError(say.STOPPED_ON_ORDER, kind=LOST, transient=True)


def _said(error: pytds.DatabaseError, where: Whereabouts, sql: str) -> JobError:
    template, kind, transient = _meaning(error)
    values: dict[str, object] = {
        "code": error.number,
        "reason": say.first_line(error.text),
        "source": where.source,
        "address": where.address,
    }
    if kind is SQL and sql and error.line > 0 and not error.procname:
        start = _start_of_line(sql, error.line)
        return SqlError(say.SQL_IN_LINE, sql=sql, start=start, **values)
    return JobError(template, kind=kind, transient=transient, **values)


def _meaning(error: pytds.DatabaseError) -> tuple[str, ErrorKind, bool]:
    number = error.number
    if number in _BUSY:
        return say.BUSY, LOST, True
    if number in _STOPPED:
        return say.STOPPED, LOST, True
    if number in _RIGHTS:
        return say.RIGHTS, REFUSED, False
    if number in _LOST or error.severity >= _ENDS_THE_LINE:
        return say.LOST, LOST, True
    return say.SQL, SQL, False


def _of_the_driver(error: Exception, where: Whereabouts) -> JobError:
    reason = say.first_line(str(error) or type(error).__name__)
    if isinstance(error, pytds.DataError):
        return JobError(say.BINDING, kind=PARAMETER, transient=False, reason=reason)
    if isinstance(error, pytds.Error | OSError):
        return JobError(say.LOST, kind=LOST, transient=True, address=where.address)
    return JobError(say.VALUE, kind=SQL, transient=False, reason=reason)


def _start_of_line(sql: str, line: int) -> int:
    """Return the offset of a line that SQL Server counts from 1, or of the last one there is."""
    lines = sql.split("\n")
    return sum(len(one) + 1 for one in lines[: min(line, len(lines)) - 1])
