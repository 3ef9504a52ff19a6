"""Business One's marks in a text: `[%0]` asks for a value, `$[…]` reads a field of a form."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tasks.errors import mark
from tasks.reports.guard.verdict import Fault, fault
from tasks.sources.business_one_marks import FIELD
from tasks.sources.sql_text import Token

ASKED = re.compile(r"\[%(\w+)\]")
MOST_KEYS = 50
"""Values, each of which becomes a parameter of a task."""
MOST_PLACES = 200
"""Places that ask for these, each of which is looked at in the tree of the query."""

_OF_A_FORM = mark(
    "{mark} reads a field of the form that is open in Business One, and a report has no form. "
    "Write a parameter instead, such as [%0]."
)
IN_A_NAME = mark(
    "{mark} stands for a name here, and a value cannot be one. Write the name of the table or the "
    "column."
)
_FOR_A_LIST = mark("{mark} stands for a whole list here. Write it as one value: IN ({mark}).")
_TOO_MANY = mark(
    "It asks for more than {most} values, and a report has so many parameters at most. Make "
    "several queries of it."
)
_TOO_OFTEN = mark(
    "It asks for its values in more than {most} places. Ask for them once in a WITH, and read them "
    "from there."
)
_AFTER = {"FROM": IN_A_NAME, "JOIN": IN_A_NAME, "AS": IN_A_NAME, "IN": _FOR_A_LIST}


@dataclass(frozen=True, slots=True)
class Asking:
    """A place of the text that asks: from `start` to `end`, quotes included.

    `pieces` are what it is made of; the keys (the 0 of `[%0]`) stand at odd places, what stands
    around them within the same quotes at even ones.
    """

    start: int
    end: int
    pieces: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return self.pieces[1::2]

    @property
    def is_part(self) -> bool:
        """Whether a mark is only a part of a text, as in '%[%0]%'."""
        return len(self.pieces) > 3 or any(self.pieces[::2])


def askings(words: Sequence[Token]) -> Iterator[Asking]:
    """Yield each place that asks, in order; `words` are without comments."""
    for before, word in zip([None, *words], words, strict=False):
        if word.sort == "form" and (match := ASKED.fullmatch(word.text)):
            yield Asking(word.start, word.end, ("", match[1], ""))
        elif word.sort == "text" and ASKED.search(word.text):
            national = before is not None and before.is_word("N") and before.end == word.start
            start = word.start - 1 if national else word.start
            yield Asking(start, word.end, tuple(ASKED.split(word.text[1:-1])))


def too_many(words: Sequence[Token]) -> Fault | None:
    """The fault of a text that asks for more than can be asked for, or too often."""
    keys, places = set[str](), 0
    for place in askings(words):
        keys.update(place.keys)
        places += len(place.keys)
        if len(keys) > MOST_KEYS:
            return fault(place.start, _TOO_MANY, most=str(MOST_KEYS))
        if places > MOST_PLACES:
            return fault(place.start, _TOO_OFTEN, most=str(MOST_PLACES))
    return None


def faults(words: Sequence[Token]) -> Iterator[Fault]:
    """Yield each mark in whose place no value can stand."""
    following = [*words[1:], None]
    for before, word, after in zip([None, *words], words, following, strict=False):
        if field := _field_in(word):
            yield fault(word.start, _OF_A_FORM, mark=field)
        elif word.sort == "name" and (found := ASKED.search(word.text)):
            yield fault(word.start, IN_A_NAME, mark=found.group())
        elif word.sort in ("form", "text") and (found := ASKED.search(word.text)):
            template = _misplaced(before, word, after)
            if template:
                yield fault(word.start, template, mark=found.group())


def _field_in(word: Token) -> str:
    """The field of a form that a word reads, or nothing."""
    if word.sort == "form":
        return word.text if word.text.startswith("$") else ""
    found = FIELD.search(word.text) if word.sort == "text" else None
    return found.group() if found else ""


def _misplaced(before: Token | None, word: Token, after: Token | None) -> str:
    """The sentence about a mark that is no value, or nothing."""
    if after is not None and (after.text == "." or _sticks(word, after)):
        return IN_A_NAME
    if before is None:
        return ""
    if before.text == "." or _sticks(before, word):
        return IN_A_NAME
    return _AFTER.get(before.text.upper(), "") if before.sort == "word" else ""


def _sticks(before: Token, word: Token) -> bool:
    """Whether a word and a mark are written as one, as in T[%0]; N'[%0]' is a text."""
    if before.end != word.start:
        return False
    pair = (before.sort, word.sort)
    return pair in (("word", "form"), ("form", "word"), ("name", "form"), ("form", "name"))
