"""The text as the reader of the tree can take it: on one line, each word at its own offset.

sqlglot has no dialect of HANA. What it cannot read, and what changes nothing in what the query
may do, is blanked out here after a look at every word of it; what does not look as it should is
left in place, where the reader refuses it.
"""

from tasks.reports.guard.calls import rewrite_calls
from tasks.reports.guard.words import SCHEMA, blank, closing, follow
from tasks.sources.sql_text import Token

_HINTS = ("HINT", "PARAMETERS", "RANGE_RESTRICTION")
_BEGINNINGS = frozenset(("WITH", "PLACEHOLDER", "FOR", "JOIN", "MEMBER", "BEST", "FLAG", "X", "N"))
_CARDINALITY = frozenset({"EXACT", "ONE", "MANY", "TO"})
_GROUP_SIGNS = frozenset("(),.=>:?-")
NO_NAME = "''"
"""What stands for the name of a view's parameter."""
_OF_A_QUERY = frozenset({"SELECT", "WITH", "FROM"})
_OPTIONS = {"BEST": "number", "FLAG": "text"}
"""GROUPING SETS BEST 3, LIKE_REGEXPR 'a' FLAG 'i': the word, and what follows it."""
_TYPES = frozenset({"CLOB", "NCLOB", "VARCHAR", "NVARCHAR", "RETURNS"})


def readable(words: list[Token]) -> str:
    """Lay the words out for the reader; they come without comments."""
    pieces = [word.text.replace("\n", " ").replace("\r", " ") for word in words]
    for index, word in enumerate(words):
        if word.text == SCHEMA:
            pieces[index] = "_schema_"
        elif word.sort == "form":
            pieces[index] = "?"
        elif word.sort == "word" and word.text.upper() in _BEGINNINGS:
            _blank_what_begins(words, pieces, index)
    rewrite_calls(words, pieces)
    return _laid_out(words, pieces)


def _blank_what_begins(words: list[Token], pieces: list[str], index: int) -> None:
    if any(follow(words, index, "WITH", hint, "(") for hint in _HINTS):
        _blank_hint(words, pieces, index)
    elif _is_placeholder(words, index):
        _shorten_placeholder(pieces, index)
    elif follow(words, index, "FOR", "JSON") or follow(words, index, "FOR", "XML"):
        _blank_output(words, pieces, index)
    elif follow(words, index, "JOIN"):
        _blank_cardinality(words, pieces, index)
    elif follow(words, index, "MEMBER", "OF"):
        pieces[index : index + 2] = ["LIKE", ""]
    elif _is_a(words, index + 1, _OPTIONS.get(words[index].text.upper(), "")):
        blank(pieces, index, index + 1)
    elif follow(words, index, "X") or follow(words, index, "N"):
        _blank_prefix(words, pieces, index)


def _blank_hint(words: list[Token], pieces: list[str], index: int) -> None:
    """WITH HINT (…): a hint may look like a call, as in ROUTE_TO(1), and is none."""
    last = closing(words, index + 2)
    known = _is_no_query if follow(words, index + 1, "HINT") else _is_setting
    if last is not None and all(map(known, words[index + 2 : last])):
        blank(pieces, index, last)


def _is_placeholder(words: list[Token], index: int) -> bool:
    begins = follow(words, index, "PLACEHOLDER", ".") and follow(words, index + 3, "=", ">")
    return begins and words[index + 2].sort == "name"


def _shorten_placeholder(pieces: list[str], index: int) -> None:
    """PLACEHOLDER."$$name$$" => value as '' = value, so that the value is read and checked."""
    pieces[index : index + 5] = [NO_NAME, "", "", "=", ""]


def _is_no_query(word: Token) -> bool:
    if word.sort == "sign":
        return word.text in _GROUP_SIGNS
    return word.text.upper() not in _OF_A_QUERY


def _blank_output(words: list[Token], pieces: list[str], index: int) -> None:
    """FOR JSON and FOR XML, with their options and the type that they return."""
    last, depth = index + 1, 0
    for word in words[index + 2 :]:
        depth += {"(": 1, ")": -1}.get(word.text, 0)
        if depth < 0 or not _is_setting(word):
            break
        last += 1
    blank(pieces, index, last)


def _is_setting(word: Token) -> bool:
    is_type = word.sort == "word" and word.text.upper() in _TYPES
    return is_type or word.sort in ("text", "number") or word.text in ("(", ")", ",", "=")


def _blank_cardinality(words: list[Token], pieces: list[str], join: int) -> None:
    """LEFT OUTER MANY TO ONE JOIN: a promise about the rows, not a condition."""
    first = join
    while first and words[first - 1].text.upper() in _CARDINALITY:
        first -= 1
    if any(word.is_word("TO") for word in words[first:join]):
        blank(pieces, first, join - 1)


def _blank_prefix(words: list[Token], pieces: list[str], index: int) -> None:
    """X'FF' and N'text': what the quote holds, not what the query does."""
    if _is_a(words, index + 1, "text") and words[index + 1].start == words[index].end:
        blank(pieces, index, index)


def _is_a(words: list[Token], index: int, sort: str) -> bool:
    return index < len(words) and words[index].sort == sort


def _laid_out(words: list[Token], pieces: list[str]) -> str:
    ends = [0, *(word.end for word in words)]
    gaps = [word.start - end for word, end in zip(words, ends, strict=False)]
    shown = [piece.ljust(len(word.text)) for word, piece in zip(words, pieces, strict=True)]
    return "".join(" " * gap + piece for gap, piece in zip(gaps, shown, strict=True))
