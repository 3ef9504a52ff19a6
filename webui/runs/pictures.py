"""The small pictures of the lists as numbers for SVG: the last runs of a task, and a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from flask import url_for
from flask_babel import format_time

from tasks.models import RunState
from tasks.queries.activity import Activity, Slot
from tasks.queries.failing import BAD
from tasks.queries.trends import Bar

TREND_HEIGHT = 22
BAR_STEP = 6
SHORTEST = 6
CHART_HEIGHT = 60
HEADROOM = 1.4
CLIP = 3
"""A bar this many times as high as the usual one is cut, so that the others stay readable."""


@dataclass(frozen=True, slots=True)
class Stick:
    """One run in the picture of its task."""

    id: int
    state: RunState
    x: int
    y: int
    height: int
    href: str | None
    """Where a failed one leads; the others are only looked at."""


@dataclass(frozen=True, slots=True)
class Column:
    """Half an hour in the picture of a day; heights of what succeeded, failed, and the rest."""

    slot: Slot
    at: str
    """When it began, in the display zone."""
    x: int
    good: int
    bad: int
    other: int
    is_cut: bool

    @property
    def top(self) -> int:
        return CHART_HEIGHT - self.good - self.bad - self.other


def trend_of(bars: Sequence[Bar]) -> list[Stick]:
    """Return the last runs, the newest last, as high as they took long."""
    list_of_runs = url_for("runs.index")
    lengths = [bar.seconds for bar in bars if bar.seconds is not None]
    usual = 2 * median(lengths) if lengths else 0.0
    return [_stick(place, bar, usual, list_of_runs) for place, bar in enumerate(bars)]


def _stick(place: int, bar: Bar, usual: float, list_of_runs: str) -> Stick:
    share = min((bar.seconds or 0.0) / usual, 1.0) if usual else 0.5
    height = SHORTEST + round((TREND_HEIGHT - SHORTEST) * share)
    y = TREND_HEIGHT - height
    href = f"{list_of_runs}/{bar.id}" if bar.state in BAD else None
    return Stick(bar.id, bar.state, place * BAR_STEP, y, height, href)


def columns_of(activity: Activity) -> list[Column]:
    """Return a column for each half-hour; one that stands far above the others is cut."""
    totals = sorted(slot.total for slot in activity.slots if slot.total) or [1]
    usual = totals[len(totals) * 9 // 10]
    highest = max(min(totals[-1], CLIP * usual), HEADROOM * usual)
    columns = []
    for place, slot in enumerate(activity.slots):
        cut = min(1.0, highest / slot.total) if slot.total else 1.0
        unit = CHART_HEIGHT * cut / highest
        bad = max(round(slot.bad * unit), 2 if slot.bad else 0)
        other = round(slot.other * unit)
        good = max(min(round(slot.succeeded * unit), CHART_HEIGHT - bad - other), 0)
        at = str(format_time(slot.starts_at, "HH:mm"))
        columns.append(Column(slot, at, place * 20, good, bad, other, cut < 1.0))
    return columns
