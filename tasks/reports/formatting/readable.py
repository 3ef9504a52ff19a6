"""Whether a text can be taken apart into words at all: its quotes, comments and parentheses."""

from collections.abc import Iterator

from tasks.errors import Invalid, mark
from tasks.reports.guard import letters
from tasks.reports.guard.signs import MOST_NESTED, TOO_DEEP
from tasks.reports.guard.verdict import Fault, fault
from tasks.sources import sql_text
from tasks.sources.sql_text import AT, Token

_EMPTY = mark("There is no query. Write a SELECT.")
_OPEN_QUOTE = mark("The quote that opens here is never closed.")
_OPEN = mark("The parenthesis that opens here is never closed.")
_NOT_OPENED = mark("No parenthesis was opened that this one could close.")


def check_readable(sql: str) -> None:
    """Raise Invalid for the field `sql`, with the line and the column, at the first such fault."""
    tokens = list(sql_text.tokens(sql))
    for found in _faults(sql, tokens):
        line, column = sql_text.line_and_column(sql, found.start)
        raise Invalid(
            AT,
            field="sql",
            line=line,
            column=column,
            why=found.template.format(**found.values),
        )


def _faults(sql: str, tokens: list[Token]) -> Iterator[Fault]:
    if too_long := letters.too_long(sql):
        yield too_long
        return
    if not tokens:
        yield fault(0, _EMPTY)
    yield from letters.between(sql, tokens)
    yield from letters.faults(tokens)
    yield from _open_quotes(tokens)
    yield from _parentheses(tokens)


def _open_quotes(tokens: list[Token]) -> Iterator[Fault]:
    for one in tokens:
        if one.sort in ("text", "name") and (len(one.text) == 1 or one.text[-1] != one.text[0]):
            yield fault(one.start, _OPEN_QUOTE)


def _parentheses(tokens: list[Token]) -> Iterator[Fault]:
    """What is opened and not closed; CASE goes a level down, too, but may lack its END."""
    opened: list[Token] = []
    for one in tokens:
        if one.text == "(" or one.is_word("CASE"):
            opened.append(one)
        elif one.text == ")":
            while opened and opened[-1].text != "(":
                opened.pop()
            if not opened:
                yield fault(one.start, _NOT_OPENED)
                return
            opened.pop()
        elif one.is_word("END") and opened and opened[-1].is_word("CASE"):
            opened.pop()
        if len(opened) > MOST_NESTED:
            yield fault(one.start, TOO_DEEP, most=str(MOST_NESTED))
            return
    yield from (fault(one.start, _OPEN) for one in opened if one.text == "(")
