"""HANA's errors: their numbers, their words, and which of DuckDB's is which."""

import re
import struct
from dataclasses import dataclass

import duckdb

from tasks.sources import duckdb_errors
from tasks.sources.sql_text import SqlError
from tests.hana_server.codes import Function, PartKind
from tests.hana_server.framing import ERROR, Part, Reply
from tests.hana_server.texts import to_wire


class HanaError(Exception):
    """An error as the client gets it; `position` counts from 1 in the statement, 0 is nowhere."""

    def __init__(self, code: int, text: str, position: int = 0, *, ends: bool = False) -> None:
        super().__init__(text)
        self.code, self.text, self.position = code, text, position
        self.ends_transaction = ends

    def reply(self, *parts: Part) -> Reply:
        """The error as an answer, with what else the client should hear."""
        text = to_wire(self.text)
        head = struct.pack("<iiib5s", self.code, self.position, len(text), 1, b"HY000")
        return Reply(Function.NONE, [Part(PartKind.ERROR, head + text + b"\0"), *parts], ERROR)


def at(sql: str, start: int) -> str:
    """How HANA says where: by line, column and offset."""
    line = sql.count("\n", 0, start) + 1
    column = start - (sql.rfind("\n", 0, start) + 1) + 1
    return f"line {line} col {column} (at pos {start + 1})"


def offset_of(sql: str, error: SqlError) -> int:
    """The offset of a place that is told by line and column."""
    lines = sql.split("\n")[: error.line - 1]
    return sum(len(line) + 1 for line in lines) + error.column - 1


@dataclass(frozen=True, slots=True)
class _Known:
    pattern: re.Pattern[str]
    code: int
    text: str


def _known(pattern: str, code: int, text: str) -> _Known:
    return _Known(re.compile(pattern), code, text)


_WORDS = (
    _known(r"division by zero", 304, "division by zero undefined"),
    _known(
        r"Ambiguous reference to column name \"([^\"]+)\"", 268, "column ambiguously defined: {}"
    ),
    _known(
        r"column \"([^\"]+)\" must appear in the GROUP BY",
        277,
        "not a GROUP BY expression: '{}' must be in group by clause",
    ),
    _known(
        r"column \"?([\w.]+)\"? not found|column named \"([^\"]+)\"", 260, "invalid column name: {}"
    ),
    _known(
        r"(?:date|timestamp|time) field[^\"]*\"([^\"]*)\"",
        303,
        "invalid DATE, TIME or TIMESTAMP value: {}",
    ),
    _known(r"strptime|Could not parse string", 303, "invalid DATE, TIME or TIMESTAMP value"),
    _known(
        r"Could not convert string ['\"](.*?)['\"] to",
        339,
        "invalid number: not a valid number string '{}'",
    ),
    _known(r"Table with name ([\w$]+) does not exist", 259, "invalid table name: {}"),
    _known(r"already exists", 288, "cannot use duplicate table name"),
    _known(
        r"NOT NULL constraint failed: (?:\w+\.)*(\w+)",
        287,
        "cannot insert NULL or update to NULL: {}",
    ),
    _known(
        r"Duplicate key|PRIMARY KEY or UNIQUE|unique constraint", 301, "unique constraint violated"
    ),
    _known(r"out of range|Overflow|overflow", 314, "numeric overflow"),
    _known(r"Conflict|conflict", 131, "transaction rolled back by lock wait timeout"),
)


def translated(error: duckdb.Error, sql: str = "", rewritten: str = "") -> HanaError:
    """What HANA would have said; 2048 (column store error) where we know no better.

    With the author's text and what DuckDB got, the error says where, as HANA's compiler does.
    """
    message = str(error)
    if isinstance(error, duckdb.ParserException):
        return HanaError(257, f"sql syntax error: {message}")
    for known in _WORDS:
        if match := known.pattern.search(message):
            name = next((group for group in match.groups() if group), "")
            text, start = known.text.format(name), _start(error, sql, rewritten)
            if start is None:
                return HanaError(known.code, text, ends=known.code == 131)
            return HanaError(known.code, f"{text}: {at(sql, start)}", start + 1)
    return HanaError(2048, f"column store error: {message}")


def _start(error: duckdb.Error, sql: str, rewritten: str) -> int | None:
    """The offset in the author's text; None where it is not known."""
    if not sql:
        return None
    explained = duckdb_errors.explain(sql, rewritten, error)
    return offset_of(sql, explained) if isinstance(explained, SqlError) else None


def syntax(sql: str, start: int, word: str) -> HanaError:
    """A statement that cannot be read."""
    text = f'sql syntax error: incorrect syntax near "{word}": {at(sql, start)}'
    return HanaError(257, text, start + 1)


def cancelled() -> HanaError:
    """A statement that another connection has cancelled."""
    return HanaError(
        139, "current operation cancelled by request and transaction rolled back", ends=True
    )


def timed_out() -> HanaError:
    """A statement that took longer than its client allowed."""
    return HanaError(613, "execution aborted by timeout", ends=True)


def no_privilege() -> HanaError:
    """A statement that this user may not run."""
    return HanaError(258, "insufficient privilege: Not authorized")
