"""When a schedule is due: pure functions from an expression and a zone to instants.

Cron follows Debian's rules at the change of clocks, as cronsim has them: a time that does not
exist runs at the first minute that does, a time that exists twice runs once, and what runs every
hour or every few minutes loses no instant.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from tasks.errors import Invalid, mark

NICKNAMES = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
LONGEST_EXPRESSION = 120
NOT_CRON = mark("“{expression}” is not a cron expression.")
UNREADABLE = {
    "Bad minute": mark("“{expression}”: the minute, the first field, goes from 0 to 59."),
    "Bad hour": mark("“{expression}”: the hour, the second field, goes from 0 to 23."),
    "Bad day-of-month": mark(
        "“{expression}”: the day of the month, the third field, goes from 1 to 31 and is there in "
        "the month that the fourth field names; L is the last."
    ),
    "Bad month": mark("“{expression}”: the month, the fourth field, goes from 1 to 12."),
    "Bad day-of-week": mark(
        "“{expression}”: the day of the week, the fifth field, goes from 0, Sunday, to 6; 5#2 is "
        "the second Friday."
    ),
}
"""What cronsim says, as a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Instant:
    """A coming instant, in the schedule's zone; `note` says what moved it, `code` in one word.

    `meant` is the time on the wall that the note is about.
    """

    at: datetime
    note: str | None = None
    code: str | None = None
    meant: str | None = None


class Timing(Protocol):
    """When something is due."""

    def after(self, instant: datetime) -> Iterator[datetime]:
        """Yield the aware instants strictly after `instant`, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Interval:
    """Every so often, counted from an anchor, so that two schedulers agree."""

    anchor: datetime
    length: timedelta
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if self.length < timedelta(seconds=1):
            raise Invalid("The interval must be at least one second.", field="interval_seconds")

    def after(self, instant: datetime) -> Iterator[datetime]:
        anchor = self.anchor.astimezone(UTC)
        count = max((instant.astimezone(UTC) - anchor) // self.length + 1, 0)
        while True:
            yield (anchor + count * self.length).astimezone(self.zone)
            count += 1


@dataclass(frozen=True, slots=True)
class Cron:
    """Five fields, or a nickname such as @daily, in a time zone."""

    expression: str
    zone: ZoneInfo

    def __post_init__(self) -> None:
        fields = self.fields.split()
        if len(self.expression) > LONGEST_EXPRESSION or len(fields) != 5:
            raise Invalid(
                "“{expression}” is not a cron expression: give five fields, minute, hour, day of "
                "the month, month and day of the week, such as 0 9 * * 1-5.",
                field="cron",
                expression=self.expression[:LONGEST_EXPRESSION],
            )
        try:
            next(CronSim(self.fields, datetime(2026, 1, 1, tzinfo=UTC)))
        except CronSimError as error:
            raise Invalid(
                UNREADABLE.get(str(error), NOT_CRON),
                field="cron",
                expression=self.expression,
            ) from error
        except StopIteration:
            raise Invalid(
                "“{expression}” names a day that never comes.",
                field="cron",
                expression=self.expression,
            ) from None

    @property
    def fields(self) -> str:
        """The five fields, also of a nickname."""
        return NICKNAMES.get(self.expression.strip().lower(), self.expression)

    def after(self, instant: datetime) -> Iterator[datetime]:
        return iter(CronSim(self.fields, instant.astimezone(self.zone)))

    def missing_time(self, at: datetime) -> datetime | None:
        """Return the time on the wall that was meant, where `at` stands in for one in a gap."""
        wall = at.replace(tzinfo=None)
        for meant in CronSim(self.fields, wall - timedelta(hours=3)):
            if meant >= wall:
                return None if meant == wall else self._last_in_gap(wall)
        return None

    def _last_in_gap(self, wall: datetime) -> datetime | None:
        for meant in CronSim(self.fields, wall - timedelta(hours=3)):
            there = meant.replace(tzinfo=self.zone).astimezone(UTC).astimezone(self.zone)
            if there.replace(tzinfo=None) != meant:
                return meant
        return None

    def happens_twice(self, at: datetime) -> bool:
        """Whether the time on the wall comes twice that night and this runs at the first only."""
        again = at.replace(fold=1)
        if at.fold == 1 or at.utcoffset() == again.utcoffset():
            return False
        second = again.astimezone(UTC)
        coming = (one.astimezone(UTC) for one in self.after(at))
        return next(one for one in coming if one >= second) != second


def zone(name: str) -> ZoneInfo:
    """Return the time zone of this name; raises Invalid where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(
            "“{name}” is not a time zone. Give a name such as Europe/Istanbul.",
            field="timezone",
            name=name,
        ) from error


def upcoming(timing: Timing, *, after: datetime, count: int) -> list[Instant]:
    """Return the next `count` instants, with a note where the change of clocks moved one."""
    return [_with_note(timing, at) for at in islice(timing.after(after), count)]


MISSING = mark("{time} does not exist on this day")
TWICE = mark("{time} comes twice on this day; it runs once")


def _with_note(timing: Timing, at: datetime) -> Instant:
    if not isinstance(timing, Cron):
        return Instant(at)
    if meant := timing.missing_time(at):
        return _noted(at, MISSING, "dst_gap", f"{meant:%H:%M}")
    if timing.happens_twice(at):
        return _noted(at, TWICE, "dst_fold", f"{at:%H:%M}")
    return Instant(at)


def _noted(at: datetime, template: str, code: str, meant: str) -> Instant:
    return Instant(at, template.format(time=meant), code, meant)
