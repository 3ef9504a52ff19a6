"""What every kind of schedule is made of: aware instants, and what the change of clocks moved.

The rules of Debian's cron hold for every time on the wall: one that does not exist is due at the
first minute that does, one that comes twice is due at the first.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tasks.errors import Invalid, mark

MISSING = mark("{time} does not exist on this day")
TWICE = mark("{time} comes twice on this day; it runs once")
MINUTE = timedelta(minutes=1)
YEARS = range(2000, 3000)
"""Those that a person may type; beyond them the sums of a schedule leave Python's calendar."""
INSTANTLY = timedelta(microseconds=1)
"""The least length, for “at or after” where only “after” can be asked."""


@dataclass(frozen=True, slots=True)
class Instant:
    """A coming instant, in the schedule's zone; `note` says what moved it, `code` in one word.

    `meant` is the time on the wall that the note is about.
    """

    at: datetime
    note: str | None = None
    code: str | None = None
    meant: str | None = None


class Timing(ABC):
    """When something is due."""

    __slots__ = ()

    @abstractmethod
    def instants(self, after: datetime) -> Iterator[Instant]:
        """Yield the instants strictly after the aware `after`, in order and each once."""

    def after(self, instant: datetime) -> Iterator[datetime]:
        """Yield the aware datetimes strictly after `instant`, in order."""
        return (one.at for one in self.instants(instant))


def on_wall(wall: datetime, zone: ZoneInfo) -> Instant:
    """Return the instant of a naive time on the wall, by the rules of Debian's cron."""
    first = wall.replace(tzinfo=zone, fold=0)
    before, behind = first.utcoffset(), first.replace(fold=1).utcoffset()
    if before == behind or before is None or behind is None:
        return Instant(first)
    if before > behind:
        return _noted(first, TWICE, "dst_fold", wall)
    return _noted(_first_that_exists(wall, zone), MISSING, "dst_gap", wall)


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """Return the day on the wall of an aware instant."""
    return at.astimezone(zone).date()


def just_before(day: date, zone: ZoneInfo) -> datetime:
    """Return the last instant, in UTC, before a day on the wall begins."""
    return on_wall(datetime.combine(day, time()), zone).at.astimezone(UTC) - INSTANTLY


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


def _first_that_exists(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the end of the gap in which this time on the wall would lie."""
    there = wall.replace(tzinfo=zone)
    while there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall:
        wall = (wall + MINUTE).replace(second=0, microsecond=0)
        there = wall.replace(tzinfo=zone)
    return there


def _noted(at: datetime, template: str, code: str, wall: datetime) -> Instant:
    meant = f"{wall:%H:%M}"
    return Instant(at, template.format(time=meant), code, meant)
