"""Whether a space stands between two words, and whether words fit on one line."""

from collections.abc import Iterable

from tasks.reports.formatting.words import Word

_FUNCTIONS_TOO = ("LEFT", "RIGHT", "GROUPING", "ANY")
"""Keywords that are functions where a parenthesis follows at once."""
_OPERANDS = ("name", "number", "text", "form", "parameter")


def fit_on_one_line(words: Iterable[Word], most: int) -> bool:
    """Whether they take so many letters at most; a comment that ends the line may go beyond it."""
    length, earlier = 0, list[Word]()
    for word in words:
        if (earlier and earlier[-1].ends_its_line) or (word.is_comment and word.own_line):
            return False
        if not word.ends_its_line:
            length += len(word.text) + bool(earlier and is_apart(earlier, word))
        if length > most or "\n" in word.text:
            return False
        earlier = [*earlier[-1:], word]
    return True


def is_apart(earlier: list[Word], word: Word) -> bool:
    """Whether a space stands before this word; `earlier` are those before it, at least one."""
    before = earlier[-1]
    if before.is_comment or word.is_comment:
        return before.text != "("
    if word.text in (")", ",", ";") or before.text == "(":
        return False
    if before.keeps_its_gap or word.keeps_its_gap:
        return not word.glued
    if word.text == "(":
        return _apart_from_parenthesis(before, word)
    if before.text in ("-", "+") and not _is_operand(earlier[-2] if earlier[1:] else None):
        return not word.glued  # the sign of a number
    return True


def _apart_from_parenthesis(before: Word, word: Word) -> bool:
    if before.is_keyword(*_FUNCTIONS_TOO) or not (before.is_keyword() or before.sort == "sign"):
        return not word.glued
    return True


def _is_operand(word: Word | None) -> bool:
    """Whether a minus behind this word takes away, and is not a number's own."""
    if word is None:
        return False
    return (
        word.sort in _OPERANDS
        or word.text in (")", "?")
        or (word.sort == "word" and (not word.is_keyword() or word.is_keyword("END", "NULL")))
    )
