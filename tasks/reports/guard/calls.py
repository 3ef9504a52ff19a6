"""Calls in which HANA separates the arguments by words: read as if these were commas."""

from dataclasses import dataclass

from tasks.reports.guard.words import blank, closing
from tasks.sources.sql_text import Token


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a call is written: the words that stand for a comma, and those that stand for nothing."""

    commas: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()
    tail: frozenset[str] = frozenset()
    """The first word of the options that end the call."""


def _shape(*, commas: str = "", dropped: str = "", tail: str = "") -> _Shape:
    return _Shape(*(frozenset(words.split()) for words in (commas, dropped, tail)))


_PATTERN = _shape(commas="IN FROM WITH OCCURRENCE GROUP", dropped="START AFTER")
_HIERARCHY = _shape(
    commas="WHERE MEASURES JOIN ON",
    dropped="SOURCE START SIBLING ORPHAN ROOT IGNORE ADOPT STEPPARENT DEPTH MULTIPARENT LEAVES"
    " ONLY CYCLE BREAKUP ERROR NO CACHE FORCE DISTANCE FROM TO SPANTREE",
)
_JSON = _shape(tail="RETURNING NULL ERROR EMPTY WITH WITHOUT")
_SHAPES = {
    "SUBSTRING_REGEXPR": _PATTERN,
    "SUBSTR_REGEXPR": _PATTERN,
    "REPLACE_REGEXPR": _PATTERN,
    "OCCURRENCES_REGEXPR": _PATTERN,
    "LOCATE_REGEXPR": _PATTERN,
    "JSON_VALUE": _JSON,
    "JSON_QUERY": _JSON,
    "HIERARCHY": _HIERARCHY,
    "HIERARCHY_SPANTREE": _HIERARCHY,
    "HIERARCHY_DESCENDANTS": _HIERARCHY,
    "HIERARCHY_ANCESTORS": _HIERARCHY,
    "HIERARCHY_SIBLINGS": _HIERARCHY,
    "HIERARCHY_DESCENDANTS_AGGREGATE": _HIERARCHY,
    "HIERARCHY_ANCESTORS_AGGREGATE": _HIERARCHY,
}
_TYPES = frozenset({"DECIMAL", "NVARCHAR", "VARCHAR"})


def rewrite_calls(words: list[Token], pieces: list[str]) -> None:
    """Change the separating words of each such call into commas, in their places."""
    for index, word in enumerate(words[:-1]):
        shape = _SHAPES.get(word.text.upper()) if word.sort == "word" else None
        if shape is not None and words[index + 1].text == "(":
            last = closing(words, index + 1)
            if last is not None:
                _rewrite_call(words, pieces, index + 1, last, shape)


def _rewrite_call(
    words: list[Token], pieces: list[str], opening: int, last: int, shape: _Shape
) -> None:
    for index in _own(words, opening, last):
        upper = words[index].text.upper()
        if upper in shape.tail:
            _blank_tail(words, pieces, index, last)
            return
        if upper in shape.dropped or _is_option_number(words, index, shape):
            pieces[index] = ""
        elif upper in shape.commas and not _is_first(words, index):
            pieces[index] = ","


def _own(words: list[Token], opening: int, last: int) -> list[int]:
    """The indexes of the words that stand in no group of their own."""
    found, depth = [], 0
    for index in range(opening + 1, last):
        depth += words[index].text == "("
        if not depth:
            found.append(index)
        depth -= words[index].text == ")"
    return found


def _is_option_number(words: list[Token], index: int, shape: _Shape) -> bool:
    """DEPTH 3, DISTANCE FROM 1 TO 2: a number that belongs to a word that is dropped."""
    is_number = words[index].sort == "number"
    return shape is _HIERARCHY and is_number and words[index - 1].text.upper() in shape.dropped


def _is_first(words: list[Token], index: int) -> bool:
    return words[index - 1].text == "("


def _blank_tail(words: list[Token], pieces: list[str], first: int, last: int) -> None:
    """RETURNING NVARCHAR(20) NULL ON ERROR: types and what to do, never a call of anything."""
    if all(_is_option(words, index) for index in range(first, last)):
        blank(pieces, first, last - 1)


def _is_option(words: list[Token], index: int) -> bool:
    before, word = words[index - 1], words[index]
    if word.text == "(":
        return before.text.upper() in _TYPES
    if word.text == ",":
        return before.sort == "number"
    if before.text == "(":
        return word.sort == "number"
    return word.text == ")" or word.sort in ("word", "number", "text")
