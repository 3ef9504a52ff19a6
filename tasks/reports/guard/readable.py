"""The text as the reader of the tree can take it: on one line, each word at its own offset.

sqlglot has no dialect of HANA. What it cannot read, and what changes nothing in what the query
may do, is blanked out here after a look at every word of it; what does not look as it should is
left in place, where the reader refuses it.
"""

from tasks.reports.guard.calls import rewrite_calls
from tasks.reports.guard.words import SCHEMA, blank, closing, follow
from tasks.sources.sql_text import Token

_HINTS = ("HINT", "PARAMETERS", "RANGE_RESTRICTION")
_CARDINALITY = frozenset({"EXACT", "ONE", "MANY", "TO"})
_GROUP_SIGNS = frozenset("(),.=>:?-")
_TYPES = frozenset({"CLOB", "NCLOB", "VARCHAR", "NVARCHAR", "RETURNS"})


def readable(words: list[Token]) -> str:
    """Lay the words out for the reader; they come without comments."""
    pieces = [word.text.replace("\n", " ").replace("\r", " ") for word in words]
    for index, word in enumerate(words):
        if word.text == SCHEMA:
            pieces[index] = "_schema_"
        elif word.sort == "form":
            pieces[index] = "?"
        elif word.sort in ("word", "name"):
            _blank_what_begins(words, pieces, index)
    rewrite_calls(words, pieces)
    return _laid_out(words, pieces)


def _blank_what_begins(words: list[Token], pieces: list[str], index: int) -> None:
    if any(follow(words, index, "WITH", hint, "(") for hint in _HINTS):
        _blank_group(words, pieces, index, index + 2)
    elif _is_placeholder_group(words, index + 1):
        _blank_group(words, pieces, index + 1, index + 1)
    elif follow(words, index, "FOR", "JSON") or follow(words, index, "FOR", "XML"):
        _blank_output(words, pieces, index)
    elif follow(words, index, "JOIN"):
        _blank_cardinality(words, pieces, index)
    elif follow(words, index, "MEMBER", "OF"):
        pieces[index : index + 2] = ["LIKE", ""]
    elif follow(words, index, "SETS", "BEST"):
        blank(pieces, index + 1, index + 2)
    elif follow(words, index, "FLAG") and _is_text(words, index + 1):
        blank(pieces, index, index + 1)
    elif follow(words, index, "X") or follow(words, index, "N"):
        _blank_prefix(words, pieces, index)


def _is_placeholder_group(words: list[Token], opening: int) -> bool:
    return follow(words, opening, "(", "PLACEHOLDER") or follow(
        words, opening, "(", "'PLACEHOLDER'"
    )


def _blank_group(words: list[Token], pieces: list[str], first: int, opening: int) -> None:
    """Blank from `first` to the end of the group if nothing in it could be a query."""
    last = closing(words, opening)
    if last is not None and all(_is_harmless(word) for word in words[opening : last + 1]):
        blank(pieces, first, last)


def _is_harmless(word: Token) -> bool:
    if word.sort == "word":
        return word.text.upper() not in ("SELECT", "WITH", "FROM")
    return word.sort != "sign" or word.text in _GROUP_SIGNS


def _blank_output(words: list[Token], pieces: list[str], index: int) -> None:
    """FOR JSON and FOR XML, with their options and the type that they return."""
    last = index + 1
    if follow(words, last + 1, "("):
        last = closing(words, last + 1) or last
    while last + 1 < len(words) and _is_output_type(words, last + 1):
        last = (closing(words, last + 1) if words[last + 1].text == "(" else last + 1) or len(words)
    if all(_is_harmless(word) for word in words[index : last + 1]):
        blank(pieces, index, min(last, len(words) - 1))


def _is_output_type(words: list[Token], index: int) -> bool:
    is_length = words[index].text == "(" and words[index - 1].text.upper() in _TYPES
    return is_length or words[index].text.upper() in _TYPES


def _blank_cardinality(words: list[Token], pieces: list[str], join: int) -> None:
    """LEFT OUTER MANY TO ONE JOIN: a promise about the rows, not a condition."""
    first = join
    while first and words[first - 1].text.upper() in _CARDINALITY:
        first -= 1
    if any(word.is_word("TO") for word in words[first:join]):
        blank(pieces, first, join - 1)


def _blank_prefix(words: list[Token], pieces: list[str], index: int) -> None:
    """X'FF' and N'text': what the quote holds, not what the query does."""
    if _is_text(words, index + 1) and words[index + 1].start == words[index].end:
        blank(pieces, index, index)


def _is_text(words: list[Token], index: int) -> bool:
    return index < len(words) and words[index].sort == "text"


def _laid_out(words: list[Token], pieces: list[str]) -> str:
    ends = [0, *(word.end for word in words)]
    gaps = [word.start - end for word, end in zip(words, ends, strict=False)]
    shown = [piece.ljust(len(word.text)) for word, piece in zip(words, pieces, strict=True)]
    return "".join(" " * gap + piece for gap, piece in zip(gaps, shown, strict=True))
