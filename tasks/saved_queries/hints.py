"""What the comments of a query tell about its marks: Business One's own way to name a column.

`/* SELECT FROM OINV T0 WHERE T0."DocDate" >= [%0] */` stands before a query whose own text does not
show which column a value is compared with; `/* T0."DocDate" */ '[%0]'` stands at the mark itself.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tasks.sources.sql_text import Token

# Whoever may save a query writes these comments, so that no pattern may look twice at a letter:
# each repetition is bounded, and gives nothing back (`+` after it).
_WORD = r"\b\w{1,128}+"
_SPACE = r"\s{1,200}+"
_GAP = r"\s{0,200}+"
_NAME = rf'(?:\[[^\]%]{{1,128}}+\]|"[^"]{{1,128}}+"|{_WORD})'
_TABLE = re.compile(
    rf"\b(?:FROM|JOIN){_SPACE}(?:{_NAME}{_GAP}\.{_GAP})?({_NAME})"
    rf"(?:{_SPACE}(?:AS{_SPACE})?({_WORD}))?",
    re.I,
)
_COMPARED = re.compile(
    rf"({_WORD}){_GAP}\.{_GAP}({_NAME}){_GAP}(<=|>=|<>|=|<|>|LIKE)?{_GAP}N?'?%?\[%({_WORD})\]", re.I
)
_COLUMN = re.compile(rf"/\*{_GAP}({_WORD}){_GAP}\.{_GAP}({_NAME}){_GAP}\*/")


@dataclass(frozen=True, slots=True)
class Hint:
    """A column of a table, and how a mark is compared with it."""

    table: str
    column: str
    sign: str = ""


def hints(tokens: Sequence[Token]) -> Mapping[str, Hint]:
    """Return what the comments say, by the key of the mark."""
    comments = " ".join(one.text for one in tokens if one.sort == "comment")
    tables = {
        (match[2] or _plain(match[1])).upper(): _plain(match[1])
        for match in _TABLE.finditer(comments)
    }
    found: dict[str, Hint] = {}
    for key, alias, column, sign in [*_told(comments), *_at_marks(tokens)]:
        if alias.upper() in tables:
            found.setdefault(key, Hint(tables[alias.upper()], _plain(column), sign))
    return found


def _told(comments: str) -> Iterator[tuple[str, str, str, str]]:
    for match in _COMPARED.finditer(comments):
        yield match[4], match[1], match[2], (match[3] or "").upper()


def _at_marks(tokens: Sequence[Token]) -> Iterator[tuple[str, str, str, str]]:
    for comment, word in pairwise(tokens):
        named = _COLUMN.fullmatch(comment.text) if comment.sort == "comment" else None
        asked = re.search(r"\[%(\w+)\]", word.text) if word.sort in ("form", "text") else None
        if named and asked:
            yield asked[1], named[1], named[2], ""


def _plain(name: str) -> str:
    return name.strip('[]"')
