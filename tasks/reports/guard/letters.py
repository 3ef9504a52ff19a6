"""Characters that look like others, cannot be seen, or end a comment for one reader only."""

import re
import unicodedata
from collections.abc import Iterator

from tasks.errors import mark
from tasks.reports.guard.verdict import Fault, fault
from tasks.sources.sql_text import Token

LONGEST = 100_000
"""Characters, as in the settings of a report."""
MOST_TOKENS = 10_000

_PLAIN = re.compile(r"[\t\n\r -~]*")
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]"
)
"""Never right, not even within a text: control characters, halves of one, turned directions."""
_LINE_END = re.compile("[\r\x0b\x0c\x85\u2028\u2029](?!\n)")
_QUOTES = {"‘": "'", "’": "'", "‚": "'", "′": "'", "“": '"', "”": '"', "„": '"', "″": '"'}


def too_long(sql: str) -> Fault | None:
    """The fault of a text that is longer than a report may be."""
    if len(sql) <= LONGEST:
        return None
    return fault(0, mark("The query is longer than {most} characters."), most=str(LONGEST))


def faults(tokens: list[Token]) -> Iterator[Fault]:
    """Yield what no reader of the text would see as it is."""
    if len(tokens) > MOST_TOKENS:
        most = mark("The query has more than {most} words and signs; make a view of a part of it.")
        yield fault(tokens[MOST_TOKENS].start, most, most=str(MOST_TOKENS))
    for token in tokens:
        if bad := _CONTROL.search(token.text):
            yield _unseen(token.start + bad.start(), bad.group())
        elif token.sort == "comment":
            yield from _in_comment(token)
        elif token.sort == "name":
            yield from _in_name(token)
        elif token.sort != "text" and not _PLAIN.fullmatch(token.text):
            yield from _in_code(token)


def between(sql: str, tokens: list[Token]) -> Iterator[Fault]:
    """Yield the spaces between the tokens that are none for a database."""
    end = 0
    for token in tokens:
        yield from _in_gap(sql, end, token.start)
        end = token.end
    yield from _in_gap(sql, end, len(sql))


def _in_gap(sql: str, start: int, end: int) -> Iterator[Fault]:
    for offset in range(start, end):
        if sql[offset] not in " \t\n\r":
            yield _unseen(offset, sql[offset])


def _in_comment(token: Token) -> Iterator[Fault]:
    block = token.text.startswith("/*")
    if block and (len(token.text) < 4 or not token.text.endswith("*/")):
        yield fault(token.start, mark("The comment that opens here is never closed."))
    elif block and "/*" in token.text[2:]:
        nested = mark("A comment within a comment ends differently in each database; remove one.")
        yield fault(token.start + token.text.index("/*", 2), nested)
    elif token.text.startswith("/*!"):
        yield fault(token.start, mark("A comment that some databases obey; remove the “!”."))
    elif not block and (end := _LINE_END.search(token.text.rstrip("\r"))):
        unclear = mark("Where this comment ends is not clear; begin a new line after it.")
        yield fault(token.start + end.start(), unclear)


def _in_name(token: Token) -> Iterator[Fault]:
    for offset, letter in enumerate(token.text):
        if unicodedata.category(letter) == "Cf" or (letter.isspace() and letter not in " \t\n\r"):
            yield _unseen(token.start + offset, letter)
            return


def _in_code(token: Token) -> Iterator[Fault]:
    for offset, letter in enumerate(token.text):
        start = token.start + offset
        if letter in _QUOTES:
            template = mark("{letter} is a quote of print; write {plain} instead.")
            yield fault(start, template, letter=letter, plain=_QUOTES[letter])
        elif not _is_plain_letter(letter):
            yield _unseen(start, letter)
        else:
            continue
        return


def _is_plain_letter(letter: str) -> bool:
    """A letter of a language, and not another letter's double."""
    if letter.isascii():
        return True
    return letter.isalnum() and unicodedata.normalize("NFKC", letter) == letter


def _unseen(start: int, letter: str) -> Fault:
    template = mark("The character {code} ({name}) does not belong here; remove it or retype it.")
    name = unicodedata.name(letter, "a control character").lower()
    return fault(start, template, code=f"U+{ord(letter):04X}", name=name)
