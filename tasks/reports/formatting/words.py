"""The words of a text as they are printed: what belongs together joined, keywords in capitals."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tasks.sources import sql_text
from tasks.sources.sql_text import Token

_WORDS = """
ALL AND ANY AS ASC BETWEEN BY CASE CROSS CUBE CURRENT DESC DISTINCT ELSE END ESCAPE EXACT EXCEPT
EXISTS FIRST FLAG FOLLOWING FOR FROM FULL GROUP GROUPING HAVING HINT IN INNER INTERSECT IS JOIN
JSON LAST LATERAL LEFT LIKE LIKE_REGEXPR LIMIT MANY MINUS NOT NULL NULLS OFFSET ON ONE OR ORDER
OUTER OVER PARAMETERS PARTITION PLACEHOLDER PRECEDING RANGE RANGE_RESTRICTION RECURSIVE RIGHT
ROLLUP ROW ROWS SELECT SETS SOME THEN TO TOP UNBOUNDED UNION USING WHEN WHERE WITH WITHIN XML
"""
KEYWORDS = frozenset(_WORDS.split())
_PAIRS = frozenset({"<=", ">=", "<>", "!=", "||", "=>", "::", "->", ":="})
_PREFIXES = frozenset({"N", "X", "B"})
_PLAIN_SIGNS = frozenset("(),;=<>+-*/|?!")


@dataclass(frozen=True, slots=True)
class Word:
    """A piece that is printed in one; `sort` is as in tasks.sources.sql_text."""

    sort: str
    text: str
    glued: bool
    """No space stood before it."""
    own_line: bool = False
    """Nothing stood before it on its line, but comments at most, which get lines of their own."""

    @property
    def is_comment(self) -> bool:
        return self.sort == "comment"

    @property
    def ends_its_line(self) -> bool:
        """Whether nothing may follow on the same line."""
        return self.is_comment and (self.own_line or not self.text.startswith("/*"))

    @property
    def keeps_its_gap(self) -> bool:
        """A sign that could mean something else with or without a space beside it."""
        return self.sort == "sign" and not (
            self.text in _PAIRS - {"::"} or self.text in _PLAIN_SIGNS
        )

    def is_keyword(self, *keywords: str) -> bool:
        """Whether it is one of these; without any, whether it is one at all."""
        return self.sort == "word" and self.text in (keywords or KEYWORDS)


def words_of(sql: str) -> list[Word]:
    """Return the words of a text that can be read."""
    found: list[Word] = []
    for word in _words(sql):
        if found and (joined := _joined(found[-1], word)):
            found[-1] = joined
        else:
            found.append(word)
    return [_capital(word, before) for word, before in zip(found, [None, *found], strict=False)]


def _words(sql: str) -> Iterator[Word]:
    end, behind_a_line = 0, True
    for token in sql_text.tokens(sql):
        gap = sql[end : token.start]
        own_line = behind_a_line or "\n" in gap or "\r" in gap
        yield Word(token.sort, _printed(token), glued=not gap and end > 0, own_line=own_line)
        end, behind_a_line = token.end, own_line and token.sort == "comment"


def _printed(token: Token) -> str:
    return token.text.rstrip() if token.sort == "comment" else token.text


def _joined(first: Word, second: Word) -> Word | None:
    """Return both as one where they are one: an operator, `:name`, `1e5`, `N'…'`, `{schema}`."""
    if not second.glued or second.is_comment or first.is_comment:
        return None
    both = first.text + second.text
    if first.sort == second.sort == "sign" and both in _PAIRS:
        return replace(first, text=both)
    if _is_name(first, second) or _is_prefixed(first, second):
        return replace(first, sort="name", text=both)
    return replace(first, text=both) if _is_number(first, second) else None


def _is_name(first: Word, second: Word) -> bool:
    """`:name`, and `{schema}` from its left to its right."""
    if first.text in (":", "{"):
        return second.sort == "word"
    return first.sort == "name" and first.text.startswith("{") and second.text == "}"


def _is_prefixed(first: Word, second: Word) -> bool:
    return first.sort == "word" and first.text.upper() in _PREFIXES and second.sort == "text"


def _is_number(first: Word, second: Word) -> bool:
    if first.sort != "number":
        return False
    after_e = first.text[-1] in "eE"
    return second.sort == "word" or (after_e and (second.text in "+-" or second.sort == "number"))


def _capital(word: Word, before: Word | None) -> Word:
    """A keyword in capitals; what follows a point is a name, and a letter's double is none."""
    if word.sort != "word" or not word.text.isascii() or (before and before.text == "."):
        return word
    capital = word.text.upper()
    return replace(word, text=capital) if capital in KEYWORDS else word
