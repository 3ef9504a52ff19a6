"""Quotes that stay open, and signs that mean something to other databases only."""

import re
from collections.abc import Iterator

from tasks.errors import mark
from tasks.reports.guard.verdict import Fault, fault
from tasks.reports.guard.words import SCHEMA
from tasks.sources.sql_text import Token

MOST_NESTED = 35
"""Levels of parentheses; the reader of the tree goes down a level for each."""

_KNOWN = frozenset("()+-*/,.;=<>!|:?]")
_BRACES = mark("Braces stand for the schema alone: {schema}. Write a parameter as :name.")
_ADVICE = {
    "[": mark('Names stand in double quotes in HANA: write "OINV", not [OINV].'),
    "{": _BRACES,
    "}": _BRACES,
    "`": mark('Names stand in double quotes in HANA: write "OINV", not `OINV`.'),
    "@": mark('A name with @ stands in double quotes: write "@NAME". HANA has no @variables.'),
    "#": mark("Temporary tables cannot be used; write a WITH instead."),
    "%": mark("HANA has no sign for the remainder; write MOD(a, b)."),
}
_OTHER = mark("The sign {sign} is not HANA's SQL.")
_CAST = mark("Write CAST(x AS type) instead of x::type.")
_NAMELESS = mark("A parameter needs a name, such as :from_date.")
TOO_DEEP = mark("The query is nested more than {most} levels deep; split it with WITH.")
_PREFIX = re.compile(r"(?:e|u|b|r|rb|br|_\w+)", re.IGNORECASE)


def faults(words: list[Token]) -> Iterator[Fault]:
    """Yield what cannot be read the same way by everybody; `words` are without comments."""
    for before, word in zip([None, *words], words, strict=False):
        if word.sort in ("text", "name"):
            yield from _quoted(before, word)
        elif before is not None and before.text == "," and _ends_a_list(word):
            yield fault(before.start, mark("Nothing follows this comma."))
        elif before is not None and before.text == ":" and word.sort != "word":
            yield fault(before.start, _CAST if word.text == ":" else _NAMELESS)
        elif word.sort == "parameter" or (word.sort == "sign" and word.text not in _KNOWN):
            yield fault(word.start, _ADVICE.get(word.text, _OTHER), sign=word.text, schema=SCHEMA)
    yield from _nesting(words)


def _quoted(before: Token | None, word: Token) -> Iterator[Fault]:
    if len(word.text) == 1 or word.text[-1] != word.text[0]:
        yield fault(word.start, mark("The quote that opens here is never closed."))
    elif word.text == '""':
        yield fault(word.start, mark("A name cannot be empty."))
    elif before is not None and before.end == word.start and _is_prefix(before):
        template = mark("{prefix} before a quote is not HANA's SQL; remove it.")
        yield fault(before.start, template, prefix=before.text)


def _is_prefix(before: Token) -> bool:
    return before.sort == "word" and bool(_PREFIX.fullmatch(before.text))


def _ends_a_list(word: Token) -> bool:
    return word.text in (",", ")") or word.is_word("FROM")


def _nesting(words: list[Token]) -> Iterator[Fault]:
    depth = 0
    for word in words:
        depth += {"(": 1, ")": -1}.get(word.text, 0)
        if depth > MOST_NESTED:
            yield fault(word.start, TOO_DEEP, most=str(MOST_NESTED))
            return
