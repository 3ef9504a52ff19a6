"""Which paper a table needs, in which size, and how wide its columns are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tasks.errors import ErrorKind, JobError

A4, A3 = (595.28, 841.89), (841.89, 1190.55)
MARGIN = 34.0
PADDING = 4.5
"""Points at the left and at the right of each cell."""
WIDEST = 14_400.0
"""Points of a page; readers open nothing wider."""
ROUND = 0.01

Paper = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Need:
    """What a column asks for, in ems: to be read with ease, at least, and for no line to break."""

    easy: float
    least: float
    most: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """The paper, the size of the letters, and the width of each column, in points."""

    paper: Paper
    size: float
    widths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """Where the texts of a column stand, in points: an `end` of 0 means that they begin at `left`.

    `room` is the width in ems.
    """

    left: float
    end: float
    room: float


def upright(paper: Paper) -> Paper:
    return paper


def across(paper: Paper) -> Paper:
    return paper[1], paper[0]


EASY = [
    *((upright(A4), size) for size in (9.0, 8.5, 8.0)),
    *((across(A4), size) for size in (9.0, 8.5, 8.0, 7.5, 7.0)),
]
TIGHT = [
    (upright(A4), 8.0),
    *((across(A4), size) for size in (8.0, 7.5, 7.0, 6.5, 6.0)),
    *((across(A3), size) for size in (7.0, 6.5, 6.0)),
]
SMALLEST = 6.0


def plan_for(needs: Sequence[Need]) -> Plan:
    """The first paper that shows the columns with ease, else the first on which they can stand.

    Columns too many for A3 get a page as wide as they need: it is read on a screen. Raises
    JobError where even the widest page that there can be is too narrow.
    """
    easy, least = [need.easy for need in needs], [need.least for need in needs]
    for paper, size in EASY:
        if points(easy, size) <= room_on(paper):
            return Plan(paper, size, grown(needs, size, room_on(paper)))
    for paper, size in TIGHT:
        if points(least, size) <= room_on(paper):
            return Plan(paper, size, between(needs, size, room_on(paper)))
    width = points(least, SMALLEST) + 2 * MARGIN + ROUND
    if width > WIDEST:
        raise JobError(
            "The query gives {columns} columns, more than a page of a PDF has room for. Select "
            "fewer, or choose Excel.",
            kind=ErrorKind.RENDER,
            columns=f"{len(needs):,}",
        )
    return Plan((width, A3[0]), SMALLEST, tuple(in_points(least, SMALLEST)))


def room_on(paper: Paper) -> float:
    return paper[0] - 2 * MARGIN


def in_points(ems: Sequence[float], size: float) -> Iterator[float]:
    return (width * size + 2 * PADDING for width in ems)


def points(ems: Sequence[float], size: float) -> float:
    return sum(in_points(ems, size))


def grown(needs: Sequence[Need], size: float, room: float) -> tuple[float, ...]:
    """Long texts get what is left of the room; a table that nearly fills the page fills it."""
    wanted = [max(need.most - need.easy, 0.0) for need in needs]
    easy = [need.easy for need in needs]
    left, asked = room - points(easy, size), sum(wanted) * size
    given = min(left / asked, 1.0) if asked else 0.0
    widths = [
        width + want * size * given
        for width, want in zip(in_points(easy, size), wanted, strict=True)
    ]
    used = sum(widths)
    share = room / used if used > 0.6 * room else 1.0
    return tuple(width * share for width in widths)


def between(needs: Sequence[Need], size: float, room: float) -> tuple[float, ...]:
    """What is left of the room goes to the columns that would like more."""
    least = [need.least for need in needs]
    wanted = [max(need.easy - need.least, 0.0) for need in needs]
    left, asked = room - points(least, size), sum(wanted) * size
    share = left / asked if asked else 0.0
    widths = in_points(least, size)
    return tuple(width + want * size * share for width, want in zip(widths, wanted, strict=True))
