"""A report's SQL as its author sees it: its tokens, and where in it something is wrong."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tasks.errors import ErrorKind, JobError, mark

LONGEST_NAME = 60
AT = mark("Line {line}, column {column}: {why}")

_TOKEN = re.compile(
    r"""
      (?P<comment>--[^\n]*|/\*.*?(?:\*/|\Z))
    | (?P<text>'(?:[^']|'')*'?)
    | (?P<name>"(?:[^"]|"")*"?)
    | (?P<form>\[%\w+\]|\$\[[^\]\n]{0,100}\])
    | (?P<parameter>\$\d+)
    | (?P<word>[^\W\d]\w*)
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<sign>\S)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the SQL: what it is (a group of the pattern above), its text and its offset."""

    sort: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    def is_word(self, word: str) -> bool:
        return self.sort == "word" and self.text.upper() == word


class SqlError(JobError):
    """A fault in the SQL at a place; `line` and `column` count from 1 in the author's text.

    The template begins with "Line {line}, column {column}: ", which this class fills in.
    """

    def __init__(self, template: str, *, sql: str, start: int, **values: object) -> None:
        self.line, self.column = line_and_column(sql, start)
        super().__init__(
            template,
            kind=ErrorKind.SQL,
            transient=False,
            line=self.line,
            column=self.column,
            **values,
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at an offset of the text."""

    start: int
    template: str
    values: Mapping[str, str]

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.template.format(**self.values)


def fault(start: int, template: str, **values: str) -> Fault:
    """Make a fault; what it quotes of the text is cut to a length that a person reads."""
    return Fault(start, template, {name: _cut(value) for name, value in values.items()})


def line_and_column(sql: str, start: int) -> tuple[int, int]:
    """Turn an offset into a line and a column, both counted from 1."""
    return sql.count("\n", 0, start) + 1, start - (sql.rfind("\n", 0, start) + 1) + 1


def tokens(sql: str) -> Iterator[Token]:
    """Yield the tokens of the SQL, comments among them."""
    for match in _TOKEN.finditer(sql):
        yield Token(str(match.lastgroup), match.group(), match.start())


def spoken(sql: str) -> list[Token]:
    """The tokens that mean something to the database: all but the comments."""
    return [token for token in tokens(sql) if token.sort != "comment"]


def _cut(value: str) -> str:
    return value if len(value) <= LONGEST_NAME else value[: LONGEST_NAME - 1] + "…"
