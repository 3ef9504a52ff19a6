"""The choices that a query offers, and which of them a search means."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tasks.folding import fold
from tasks.rows import Row

SHOWN = 20
LONGEST_SEARCH = 100
"""Characters of a search; what follows is not minded."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice: the value that is kept, what it is called, and what else there is to say."""

    value: str
    label: str = ""
    detail: str = ""
    folded: tuple[str, str, str] = ("", "", "")
    """The same, as a search compares them."""


def choices_in(rows: Iterable[Row]) -> tuple[Choice, ...]:
    """Return the choices of the rows (value, label, detail), each value once; NULL is none."""
    found: dict[str, Choice] = {}
    for row in rows:
        value, label, detail = (*map(text_of, row[:3]), "", "")[:3]
        if value:
            folded = (fold(value), fold(label), fold(detail))
            found.setdefault(value, Choice(value, label, detail, folded))
    return tuple(found.values())


def matching(choices: Iterable[Choice], search: str) -> tuple[Choice, ...]:
    """Return the choices that hold each word of the search, those that begin with it first."""
    wanted = fold(search[:LONGEST_SEARCH]).strip()
    if not (words := wanted.split()):
        return tuple(choices)
    found = [one for one in choices if _holds(one, words)]
    return tuple(sorted(found, key=lambda one: _rank(one, wanted)))


def text_of(value: object) -> str:
    """Return a value of a source as it is shown, typed and kept: 7.000000 is 7."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def _holds(one: Choice, words: Sequence[str]) -> bool:
    return all(any(word in text for text in one.folded) for word in words)


def _rank(one: Choice, wanted: str) -> int:
    value, label, _detail = one.folded
    if value == wanted:
        return 0
    return 1 if value.startswith(wanted) or label.startswith(wanted) else 2
