"""What becomes of each instant of a schedule: which run, and when, where a calendar has its say.

It is decided instant by instant from the expression and the calendar alone, so that every
scheduler, at any time, decides the same. A block of days off moves as one: at most one of its
instants runs on the working day that it moves to, and none where that day has one of its own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from tasks.errors import mark
from tasks.models import OnHoliday, Schedule
from tasks.scheduling.instants import (
    MISSING,
    TWICE,
    Instant,
    Timing,
    just_before,
    on_wall,
    zone,
)
from tasks.scheduling.timing import timing_of
from tasks.scheduling.working_days import WorkingDays

NOTES = {
    "dst_gap": MISSING,
    "dst_fold": TWICE,
    "holiday_skip": mark("{day} is no working day; nothing runs"),
    "holiday_merged": mark("{day} already has a run of this schedule; it runs once"),
    "holiday_previous": mark("{day} is no working day; it runs on the working day before"),
    "holiday_next": mark("{day} is no working day; it runs on the next working day"),
}
"""The sentence of each code; `time` and `day` stand for what is meant."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A nominal instant, and when it is due; `runs` says whether it runs at all.

    Both have the offset of the schedule's zone at that time, not the zone itself: two instants of
    one zone are compared and subtracted by the clock on the wall, which says the same twice in the
    night when it goes back.
    `note` says in English what moved it, `code` in one word; `meant` is the time on the wall or
    the day that the note is about.
    """

    scheduled_for: datetime
    due_at: datetime
    code: str | None = None
    note: str | None = None
    meant: str | None = None
    runs: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """The instants of a schedule and its rule for days off; no `days`, no such rule."""

    timing: Timing
    zone: ZoneInfo
    days: WorkingDays | None = None
    on_holiday: OnHoliday = OnHoliday.RUN

    def after(self, nominal: datetime) -> Iterator[Planned]:
        """Yield what was meant for after `nominal`, in the order in which it was meant."""
        found = self.timing.instants(nominal)
        if self.days is None or self.on_holiday is OnHoliday.RUN:
            return map(_as_meant, found)
        return (self._planned(one, self.days) for one in found)

    def _planned(self, one: Instant, days: WorkingDays) -> Planned:
        day = one.at.date()
        if days.is_working(day):
            return _as_meant(one)
        if self.on_holiday is OnHoliday.SKIP:
            return _stays(one.at, "holiday_skip", _named(day, days))
        return self._moved(one.at, day, days)

    def _moved(self, at: datetime, day: date, days: WorkingDays) -> Planned:
        backwards = self.on_holiday is OnHoliday.PREVIOUS
        target = days.previous(day) if backwards else days.next(day)
        if self._has_its_own(target) or self._is_later_in_its_block(at, day, days):
            return _stays(at, "holiday_merged", target.isoformat())
        code, meant = f"holiday_{self.on_holiday}", _named(day, days)
        due_at = on_wall(datetime.combine(target, at.time()), self.zone).at
        return Planned(_exact(at), _exact(due_at), code, note_of(code, meant), meant)

    def _has_its_own(self, day: date) -> bool:
        first = self._first_from(day)
        return first is not None and first.date() == day

    def _is_later_in_its_block(self, at: datetime, day: date, days: WorkingDays) -> bool:
        """Whether an earlier instant of the same days off moves to the same working day."""
        first = self._first_from(days.previous(day) + timedelta(days=1))
        return first is not None and first.astimezone(UTC) != at.astimezone(UTC)

    def _first_from(self, day: date) -> datetime | None:
        return next(self.timing.after(just_before(day, self.zone)), None)


def plan_of(schedule: Schedule, days: WorkingDays | None) -> Plan:
    """Return the plan of a schedule; `days` are those of its calendar. Raises Invalid."""
    timing = timing_of(schedule, days)
    return Plan(timing, zone(schedule.timezone), days, schedule.on_holiday)


def note_of(code: str, meant: str, say: Callable[[str], str] = str) -> str:
    """Return the sentence of a code about what was meant, in the language that `say` speaks."""
    return say(NOTES[code]).format(time=meant, day=meant)


def _as_meant(one: Instant) -> Planned:
    at = _exact(one.at)
    return Planned(at, at, one.code, one.note, one.meant)


def _stays(at: datetime, code: str, meant: str) -> Planned:
    return Planned(_exact(at), _exact(at), code, note_of(code, meant), meant, runs=False)


def _exact(at: datetime) -> datetime:
    """Return the instant with the offset of its zone in the place of the zone."""
    return at.replace(tzinfo=timezone(at.utcoffset() or timedelta()), fold=0)


def _named(day: date, days: WorkingDays) -> str:
    name = days.name_of(day)
    return f"{day} ({name})" if name else f"{day}"
