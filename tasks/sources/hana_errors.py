"""What hdbcli says when something is wrong, said again to the person who has to act.

The codes are HANA's own; those below -10000 are the driver's. Whether another try can help is
decided by the code: a broken line or a busy server may heal, a name that does not exist does not.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from tasks.errors import ErrorKind, JobError, mark
from tasks.sources.sql_text import SqlError

Offset = Callable[[int], int]

UNREACHABLE, REFUSED, LOST, SQL, PARAMETER = (
    ErrorKind.SOURCE_UNREACHABLE,
    ErrorKind.SOURCE_REFUSED,
    ErrorKind.SOURCE_LOST,
    ErrorKind.SQL,
    ErrorKind.PARAMETER,
)

WRONG_LOGIN = 10
"""Each of these counts towards HANA's lock of the user."""

CANCELLED = 139
_POSITION = re.compile(r"\(at pos (\d+)\)")
_LINE_AND_COLUMN = re.compile(r":? ?line \d+ col \d+(?: \(at pos \d+\))?")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code means: the kind of error, whether another try can help, and a sentence."""

    kind: ErrorKind
    transient: bool
    sentence: str


_LOGIN = mark(
    "HANA refuses the user or the password of the source {source} ({code}). Correct them on the "
    "page of the source."
)
_LOCKED = mark(
    "HANA has locked the user of the source {source} ({code}): {reason} A HANA administrator must "
    "unlock it."
)
_PASSWORD = mark(
    "HANA asks for a new password of the user of the source {source} ({code}). Set one in HANA, "
    "then write it on the page of the source."
)
_RIGHTS = mark(
    "The user of the source {source} may not do this in HANA ({code}): {reason} Ask a HANA "
    "administrator for the right to read it."
)
_BUSY = mark("HANA is too busy or short of memory ({code}): {reason} It can be tried again.")
_LOCK = mark("Another transaction held what the query reads ({code}). It can be tried again.")
_STOPPED = mark("HANA stopped the query ({code}): {reason}")
_TOO_LONG = mark(
    "The query took longer than the {seconds} s that the source {source} allows ({code}). Let it "
    "read less, or allow it more time on the page of the source."
)
_SILENT = mark(
    "HANA at {address} did not answer in time ({code}). Check the address and the port of the "
    "source {source}, and whether HANA runs."
)
_UNREACHABLE = mark(
    "HANA at {address} cannot be reached ({code}): {reason} Check the address and the port of the "
    "source {source}, and whether HANA runs."
)
_TLS = mark(
    "No safe connection to HANA at {address} ({code}): {reason} Check the certificate of the "
    "source {source}, and whether HANA speaks TLS on this port."
)
_LOST = mark("The connection to HANA at {address} broke ({code}). It can be tried again.")
_SQL = mark("HANA refuses the query ({code}): {reason}")
_VALUE = mark("HANA cannot compute a value of the query ({code}): {reason}")
_BINDING = mark("HANA cannot take a value that was given ({code}): {reason}")

_MEANINGS: dict[int, Meaning] = {
    4: Meaning(LOST, True, _BUSY),
    WRONG_LOGIN: Meaning(REFUSED, False, _LOGIN),
    129: Meaning(LOST, True, _LOCK),
    131: Meaning(LOST, True, _LOCK),
    133: Meaning(LOST, True, _LOCK),
    138: Meaning(LOST, True, _LOCK),
    CANCELLED: Meaning(LOST, True, _STOPPED),
    142: Meaning(LOST, True, _LOCK),
    143: Meaning(LOST, True, _LOCK),
    146: Meaning(LOST, True, _LOCK),
    149: Meaning(LOST, True, _BUSY),
    258: Meaning(REFUSED, False, _RIGHTS),
    414: Meaning(REFUSED, False, _PASSWORD),
    416: Meaning(REFUSED, False, _LOCKED),
    591: Meaning(LOST, True, _BUSY),
    613: Meaning(LOST, True, _TOO_LONG),
    663: Meaning(REFUSED, False, _LOGIN),
    1038: Meaning(LOST, True, _BUSY),
    -10427: Meaning(PARAMETER, False, _BINDING),
    -10404: Meaning(PARAMETER, False, _BINDING),
    -10709: Meaning(UNREACHABLE, True, _UNREACHABLE),
    -10807: Meaning(LOST, True, _LOST),
    -10806: Meaning(LOST, True, _LOST),
    -10821: Meaning(LOST, True, _LOST),
}
_OF_VALUES = frozenset({266, 293, 303, 304, 305, 307, 311, 313, 314, 315, 339, 411, 6944})
"""A value of the data, not the text of the query, is what HANA stumbles over."""

_OTHER = Meaning(SQL, False, _SQL)
_BROKEN_TLS = ("300010", "300011", "300012", "300013", "300014", "300015", "SSL")


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Which source it is about: its title, `host:port`, and the longest a query may take."""

    source: str
    address: str
    seconds: int


def explain(
    code: int, text: str, *, where: Whereabouts, sql: str = "", at: Offset | None = None
) -> JobError:
    """Turn an error of the driver into the product's.

    `sql` is the author's text; `at` tells where in it stands what HANA names by its place.
    """
    meaning = _meaning(code, text)
    position = _POSITION.search(text)
    values: dict[str, object] = {
        "code": code,
        "reason": _reason(text),
        "source": where.source,
        "address": where.address,
        "seconds": where.seconds,
    }
    if meaning.kind is SQL and position and at is not None:
        start = at(max(int(position.group(1)) - 1, 0))
        return SqlError(_AT_A_PLACE[meaning.sentence], sql=sql, start=start, **values)
    return JobError(meaning.sentence, kind=meaning.kind, transient=meaning.transient, **values)


def _meaning(code: int, text: str) -> Meaning:
    if code == -10709 and any(sign in text for sign in _BROKEN_TLS):
        return Meaning(UNREACHABLE, False, _TLS)
    if code == -10709 and "timeout" in text:
        return Meaning(UNREACHABLE, True, _SILENT)
    if code in _OF_VALUES:
        return Meaning(SQL, False, _VALUE)
    return _MEANINGS.get(code, _OTHER)


_AT_A_PLACE = {
    _SQL: mark("Line {line}, column {column}: HANA refuses the query ({code}): {reason}"),
    _VALUE: mark(
        "Line {line}, column {column}: HANA cannot compute a value of the query ({code}): {reason}"
    ),
}


def _reason(text: str) -> str:
    """HANA's own words, without the place, which is told in the author's lines and columns."""
    reason = _LINE_AND_COLUMN.sub("", text).strip().rstrip(".:")
    return reason + "."
