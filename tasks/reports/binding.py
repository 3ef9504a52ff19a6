"""From `:name` in a report's SQL to the driver's `?`: a value is bound, never pasted."""

import re
from collections.abc import Mapping

from tasks.errors import ErrorKind, JobError

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


def names_in(sql: str) -> list[str]:
    """Return the names of the parameters in the order in which the SQL uses them."""
    return [match.group(1) for match in _TOKEN.finditer(sql) if match.group(1)]


def bind(sql: str, values: Mapping[str, object]) -> tuple[str, tuple[object, ...]]:
    """Return the SQL with `?` for each `:name`, and the values in that order.

    Each `?` is padded to the length of what it replaces, so that the position in an error of the
    source is the position in the text that the author wrote.
    """
    bound = []

    def placeholder(match: re.Match[str]) -> str:
        name = match.group(1)
        if name is None:
            return match.group(0)
        if name not in values:
            line = sql.count("\n", 0, match.start()) + 1
            raise JobError(
                "Line {line}: the parameter :{name} is not defined in this task.",
                kind=ErrorKind.PARAMETER,
                line=line,
                name=name,
            )
        bound.append(values[name])
        return "?".ljust(len(match.group(0)))

    return _TOKEN.sub(placeholder, sql), tuple(bound)
