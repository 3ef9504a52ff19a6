"""From the columns of a schedule to its instants."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tasks.errors import Invalid
from tasks.models import Schedule, ScheduleKind
from tasks.scheduling.cron import Cron
from tasks.scheduling.instants import INSTANTLY, Instant, Timing, zone
from tasks.scheduling.interval import Interval, Once
from tasks.scheduling.month import WorkingDayOfMonth, time_of_day
from tasks.scheduling.solar import Solar
from tasks.scheduling.working_days import WorkingDays

ORDINARY_WEEK = WorkingDays()
LONGEST_INTERVAL = 366 * 86_400
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Bounded(Timing):
    """The instants of a timing from a start to an end, both of them included."""

    timing: Timing
    starts_at: datetime
    ends_at: datetime | None

    def instants(self, after: datetime) -> Iterator[Instant]:
        start = self.starts_at.astimezone(UTC) - INSTANTLY
        found = self.timing.instants(max(after.astimezone(UTC), start))
        if self.ends_at is None:
            return found
        return self._until(found, self.ends_at.astimezone(UTC))

    @staticmethod
    def _until(found: Iterator[Instant], end: datetime) -> Iterator[Instant]:
        for one in found:
            if one.at.astimezone(UTC) > end:
                return
            yield one


def make_timing(
    kind: ScheduleKind,
    *,
    timezone: str,
    starts_at: datetime,
    ends_at: datetime | None = None,
    cron: str | None = None,
    interval_seconds: int | None = None,
    once_at: datetime | None = None,
    working_day: int | None = None,
    time_of_day: str | None = None,
    solar_event: str | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
    days: WorkingDays | None = None,
) -> Timing:
    """Return the instants that these settings mean; raises Invalid where they mean none."""
    if ends_at is not None and ends_at < starts_at:
        raise Invalid("The end lies before the start.", field="ends_at")
    timing: Timing
    match kind:
        case ScheduleKind.CRON:
            timing = _cron(cron, timezone)
        case ScheduleKind.INTERVAL:
            timing = _interval(interval_seconds, starts_at, timezone)
        case ScheduleKind.ONCE:
            timing = _once(once_at, timezone)
        case ScheduleKind.WORKING_DAY:
            timing = _working_day(working_day, time_of_day, timezone, days)
        case ScheduleKind.SOLAR:
            timing = _solar(solar_event, latitude, longitude, timezone)
    return Bounded(timing, starts_at, ends_at)


def timing_of(schedule: Schedule, days: WorkingDays | None = None) -> Timing:
    """Return the instants of a schedule; `days` are those of its calendar."""
    return make_timing(
        schedule.kind,
        timezone=schedule.timezone,
        starts_at=schedule.starts_at,
        ends_at=schedule.ends_at,
        cron=schedule.cron,
        interval_seconds=schedule.interval_seconds,
        once_at=schedule.once_at,
        working_day=schedule.working_day,
        time_of_day=schedule.time_of_day,
        solar_event=schedule.solar_event,
        latitude=schedule.latitude,
        longitude=schedule.longitude,
        days=days,
    )


def _cron(expression: str | None, timezone: str) -> Cron:
    if not expression:
        raise Invalid("Give a cron expression such as 0 9 * * 1-5.", field="cron")
    return Cron(expression, zone(timezone))


def _interval(seconds: int | None, anchor: datetime, timezone: str) -> Interval:
    if not seconds:
        raise Invalid("Give the length of the interval.", field="interval_seconds")
    if seconds > LONGEST_INTERVAL:
        raise Invalid("The interval must be at most 366 days.", field="interval_seconds")
    return Interval(anchor, timedelta(seconds=seconds), zone(timezone))


def _once(at: datetime | None, timezone: str) -> Once:
    if at is None:
        raise Invalid("Give the day and the time.", field="once_at")
    return Once(at, zone(timezone))


def _working_day(
    which: int | None, at: str | None, timezone: str, days: WorkingDays | None
) -> WorkingDayOfMonth:
    if which is None:
        raise Invalid("Say which working day of the month.", field="working_day")
    if not at:
        raise Invalid("Give the time of the day, such as 09:00.", field="time_of_day")
    return WorkingDayOfMonth(which, time_of_day(at), zone(timezone), days or ORDINARY_WEEK)


def _solar(
    event: str | None, latitude: float | None, longitude: float | None, timezone: str
) -> Solar:
    if not event:
        raise Invalid("Choose an event of the sun.", field="solar_event")
    if latitude is None:
        raise Invalid("Give the latitude of the place.", field="latitude")
    if longitude is None:
        raise Invalid("Give the longitude of the place.", field="longitude")
    return Solar(event, latitude, longitude, zone(timezone))
