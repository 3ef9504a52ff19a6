"""From `:name` in a report's SQL to the driver's `?`: a value is bound, never pasted."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tasks.errors import ErrorKind, JobError
from tasks.reports.parameters.types import bound_values
from tasks.sources.sql_text import SqlError

_TOKEN = re.compile(
    r"""
      --[^\n]*                # a comment to the end of the line
    | /\*.*?(?:\*/|\Z)        # a comment in the text
    | '(?:[^']|'')*'          # a text
    | "(?:[^"]|"")*"          # a quoted name
    | ::                      # a cast
    | (?<![\w:]):([A-Za-z_]\w*)
    """,
    re.VERBOSE | re.DOTALL,
)

_PLACE = ("line", "column")


def names_in(sql: str) -> list[str]:
    """Return the names of the parameters in the order in which the SQL uses them."""
    return [match.group(1) for match in _TOKEN.finditer(sql) if match.group(1)]


def bind(sql: str, values: Mapping[str, object]) -> tuple[str, tuple[object, ...]]:
    """Return the SQL with `?` for each `:name`, and the values in that order.

    A span has two names, its first and its last; several values become as many `?`, for `IN`.
    What replaces a name is padded to its length, so that places in the text stay where they are.
    """
    known, bound = bound_values(values), list[object]()

    def placeholder(match: re.Match[str]) -> str:
        if match.group(1) is None:
            return match.group(0)
        given = _given(match, known, sql)
        bound.extend(given)
        return _marks(match, len(given))

    return _TOKEN.sub(placeholder, sql), tuple(bound)


@contextmanager
def told_as_written(sql: str, values: Mapping[str, object]) -> Iterator[None]:
    """Let an error in the bound text tell its place in the text that the author wrote."""
    try:
        yield
    except SqlError as error:
        wider = _widened(sql, values, error.line, error.column)
        if wider == 0:
            raise
        raise _moved(error, sql, error.column - wider) from error


def _moved(error: SqlError, sql: str, column: int) -> SqlError:
    lines = sql.split("\n")[: error.line - 1]
    others = {name: value for name, value in error.values.items() if name not in _PLACE}
    start = sum(len(one) + 1 for one in lines) + column - 1
    return SqlError(error.template, sql=sql, start=start, **others)


def _given(match: re.Match[str], known: Mapping[str, object], sql: str) -> tuple[object, ...]:
    name = match.group(1)
    if name not in known:
        line = sql.count("\n", 0, match.start()) + 1
        raise JobError(
            "Line {line}: the parameter :{name} is not defined in this task.",
            kind=ErrorKind.PARAMETER,
            line=line,
            name=name,
        )
    value = known[name]
    return value if isinstance(value, tuple) else (value,)


def _marks(match: re.Match[str], count: int) -> str:
    return ", ".join("?" * count).ljust(len(match.group(0)))


def _widened(sql: str, values: Mapping[str, object], line: int, column: int) -> int:
    """Return by how many characters the marks before this place are wider than their names."""
    known, wider = bound_values(values), 0
    for match in _TOKEN.finditer(sql):
        if match.group(1) is None or sql.count("\n", 0, match.start()) + 1 != line:
            continue
        start = match.start() - (sql.rfind("\n", 0, match.start()) + 1) + 1
        marks = len(_marks(match, len(_given(match, known, sql))))
        if start + wider + marks <= column:
            wider += marks - len(match.group(0))
        elif start + wider < column:  # within the marks: it is about the name
            return column - start
    return wider
