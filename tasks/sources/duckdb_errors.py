"""What DuckDB says about a rewritten query, said again about the author's own text."""

import re

import duckdb

from tasks.errors import ErrorKind, JobError, mark
from tasks.sources import sql_text
from tasks.sources.sql_text import SqlError, Token

_EXCERPT = re.compile(r"\nLINE \d+: (?P<excerpt>[^\n]*)\n(?P<indent> *)(?P<carets>\^+)")
_QUOTED = re.compile(r'"([^"]+)"')
_SOURCE_COLUMN = re.compile(r"from source column (\w+)")
_INTERNAL_NAME = re.compile(r"hana_(?:moment_)?(\w+)", re.IGNORECASE)
_LINE_PREFIX = len("LINE 1: ")

_SENTENCES = (
    (
        re.compile(r'Referenced column "(?P<name>[^"]+)" not found|named "(?P<also>[^"]+)"'),
        mark('Line {line}, column {column}: the column "{name}" does not exist here.'),
    ),
    (
        re.compile(r'Ambiguous reference to column name "(?P<name>[^"]+)"'),
        mark(
            'Line {line}, column {column}: the column "{name}" is in more than one table;'
            ' put the table\'s alias before it, such as T0."{name}".'
        ),
    ),
    (
        re.compile(r'column "(?P<name>[^"]+)" must appear in the GROUP BY'),
        mark(
            'Line {line}, column {column}: the column "{name}" must stand in GROUP BY or inside'
            " an aggregate such as SUM."
        ),
    ),
    (
        re.compile(
            r"Could not convert string ['\"](?P<name>.*?)['\"] to (?:U?INT|DEC|DOUBLE|FLOAT|HUGE)"
        ),
        mark("Line {line}, column {column}: the text '{name}' is not a number."),
    ),
    (
        re.compile(r'(?:date|timestamp) field (?:format|value out of range): "(?P<name>[^"]*)"'),
        mark("Line {line}, column {column}: the text '{name}' is not a date."),
    ),
    (
        re.compile(r"No function matches .* types '(?P<name>.*?)'\. You"),
        mark("Line {line}, column {column}: these values do not fit together: {name}."),
    ),
    (
        re.compile(r"division by zero"),
        mark("Line {line}, column {column}: a division by zero."),
    ),
)


def explain(sql: str, rewritten: str, error: duckdb.Error) -> JobError:
    """Turn DuckDB's error into the product's; `sql` is the author's text."""
    if isinstance(error, duckdb.InterruptException):
        return JobError("The query was interrupted.", kind=ErrorKind.SOURCE_LOST)
    if isinstance(error, duckdb.OutOfMemoryException):
        return JobError(
            "The query needs more memory than this source allows; let it read or sort less.",
            kind=ErrorKind.SQL,
        )
    if isinstance(error, duckdb.IOException | duckdb.InternalException | duckdb.FatalException):
        return JobError(
            "The file of the source could not be read to its end.",
            kind=ErrorKind.SOURCE_LOST,
            transient=True,
        )
    return _explain_sql(sql, rewritten, str(error))


def _explain_sql(sql: str, rewritten: str, message: str) -> JobError:
    template, named = _sentence(message)
    start = _place(sql, rewritten, message, named)
    first_line = message.partition("\n")[0]
    reason = _spoken(first_line.partition("Error: ")[2] or first_line)
    if start is None:
        return JobError(
            "The source refuses the query: {reason}",
            kind=ErrorKind.SQL,
            transient=False,
            reason=reason,
        )
    return SqlError(template, sql=sql, start=start, name=_spoken(named), reason=reason)


def _sentence(message: str) -> tuple[str, str]:
    """The sentence for a message of DuckDB, and the name or value that it is about."""
    for pattern, template in _SENTENCES:
        if match := pattern.search(message):
            return template, next((value for value in match.groups() if value), "")
    return mark("Line {line}, column {column}: the source refuses the query: {reason}"), ""


def _spoken(text: str) -> str:
    """Without the names of our own macros, which no author has written."""
    return _INTERNAL_NAME.sub(lambda match: match.group(1).upper(), text)


def _place(sql: str, rewritten: str, message: str, named: str) -> int | None:
    """The offset in the author's text of what DuckDB underlines, or else of a name it mentions."""
    words = sql_text.spoken(sql)
    for text, turn in _suspects(rewritten, message, named):
        same = [word for word in words if _bare(word.text) == _bare(text)]
        if same:
            return same[min(turn, len(same) - 1)].start
    return None


def _suspects(rewritten: str, message: str, named: str) -> list[tuple[str, int]]:
    """Pieces of the rewritten text that may be at fault, each with its turn among its equals."""
    found = []
    if match := _EXCERPT.search(message):
        excerpt = match["excerpt"].strip(".")
        begin = rewritten.find(excerpt)
        cut = len(match["excerpt"]) - len(match["excerpt"].lstrip("."))
        at = begin + len(match["indent"]) - _LINE_PREFIX - cut
        pieces = sql_text.spoken(rewritten)
        within = [p for p in pieces if at <= p.start < at + len(match["carets"])]
        within.sort(key=lambda p: (_bare(p.text) != _bare(named), p.sort not in ("name", "text")))
        for piece in within:
            found.append(_authors(piece, pieces))
    mentioned = _QUOTED.findall(message.partition("\n")[0]) + _SOURCE_COLUMN.findall(message)
    return found + [(name, 0) for name in mentioned]


def _authors(piece: Token, pieces: list[Token]) -> tuple[str, int]:
    """What the author wrote for a piece of the rewritten text, and its turn among its equals."""
    if piece.sort == "parameter":
        return "?", int(piece.text[1:]) - 1
    equals = [other.start for other in pieces if _bare(other.text) == _bare(piece.text)]
    return _spoken(piece.text), equals.index(piece.start)


def _bare(text: str) -> str:
    return text.strip('"').upper()
