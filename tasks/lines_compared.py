"""What differs between two texts, line by line, with some lines around each difference."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from enum import StrEnum
from itertools import accumulate

CONTEXT = 3
MOST_LINES = 2_000
MOST_COMPARED = 2_000
"""Lines of each text that are searched for what they share."""
MOST_STEPS = 500_000
"""Lines and pairs of equal lines that the search looks at: a tenth of a second for so many."""

Change = tuple[str, int, int, int, int]
"""As difflib says it: what happens, and from where to where in both texts."""


class Sign(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its number in each text that has it, counted from 1."""

    sign: Sign
    text: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines that follow one another, after `skipped` lines that are the same in both texts."""

    skipped: int
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The hunks, the lines after the last of them, and how many lines are too many to show."""

    hunks: Sequence[Hunk]
    skipped_at_end: int
    left_out: int


def compare_lines(before: Sequence[str], after: Sequence[str]) -> Comparison:
    """Compare two lists of lines; at most MOST_LINES are shown."""
    lines = [line for change in _changes(before, after) for line in _lines(change, before, after)]
    near = _near_a_change(lines)
    hunks: list[Hunk] = []
    end, shown = 0, 0
    for start, stop in _stretches(near):
        stop = min(stop, start + MOST_LINES - shown)
        if stop <= start:
            break
        hunks.append(Hunk(start - end, lines[start:stop]))
        shown += stop - start
        end = stop
    left_out = sum(near) - shown
    return Comparison(hunks, 0 if left_out else len(lines) - end, left_out)


def lines_of(text: str) -> list[str]:
    """Return the lines of a text, whatever ends them; an empty text has none."""
    return text.replace("\r\n", "\n").rstrip("\n").split("\n") if text.strip("\r\n") else []


def _changes(before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    """Say how one text becomes the other; what is the same at both ends is not searched."""
    start = _same_at_start(before, after)
    end = _same_at_start(before[start:][::-1], after[start:][::-1])
    first, second = before[start : len(before) - end], after[start : len(after) - end]
    yield "equal", 0, start, 0, start
    for tag, a, b, c, d in _middle(first, second):
        yield tag, a + start, b + start, c + start, d + start
    yield "equal", len(before) - end, len(before), len(after) - end, len(after)


def _same_at_start(before: Sequence[str], after: Sequence[str]) -> int:
    pairs = zip(before, after, strict=False)
    return next(
        (number for number, (one, other) in enumerate(pairs) if one != other),
        min(len(before), len(after)),
    )


def _middle(first: Sequence[str], second: Sequence[str]) -> Sequence[Change]:
    replaced = [("replace", 0, len(first), 0, len(second))]
    if max(len(first), len(second)) > MOST_COMPARED:
        return replaced
    try:
        return _Search(first, second).get_opcodes()
    except _TooLongError:
        return replaced


class _TooLongError(Exception):
    """The search has looked at MOST_STEPS already."""


class _Search(SequenceMatcher[str]):
    """A search that gives up: how often difflib looks at the same pairs shows on its way only."""

    def __init__(self, first: Sequence[str], second: Sequence[str]) -> None:
        super().__init__(None, first, second, autojunk=False)
        others = Counter(second)
        self._steps_until = [0, *accumulate(1 + others[line] for line in first)]
        self._left = MOST_STEPS

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        """Look for it between these lines, as difflib does; raises _TooLongError."""
        end = len(self._steps_until) - 1 if ahi is None else ahi
        self._left -= self._steps_until[end] - self._steps_until[alo]
        if self._left < 0:
            raise _TooLongError
        return super().find_longest_match(alo, ahi, blo, bhi)


def _lines(change: Change, before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    tag, a, b, c, d = change
    if tag == "equal":
        for offset in range(b - a):
            yield Line(Sign.SAME, before[a + offset], a + offset + 1, c + offset + 1)
        return
    for number in range(a, b):
        yield Line(Sign.REMOVED, before[number], number + 1, None)
    for number in range(c, d):
        yield Line(Sign.ADDED, after[number], None, number + 1)


def _near_a_change(lines: Sequence[Line]) -> list[bool]:
    near = [False] * len(lines)
    for number, line in enumerate(lines):
        if line.sign is not Sign.SAME:
            for one in range(max(number - CONTEXT, 0), min(number + CONTEXT + 1, len(lines))):
                near[one] = True
    return near


def _stretches(near: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Return from where to where it is true."""
    start = None
    for number, is_near in enumerate([*near, False]):
        if is_near and start is None:
            start = number
        elif not is_near and start is not None:
            yield start, number
            start = None
