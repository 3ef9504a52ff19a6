"""From a schedule's row to its instants, and its instants in words."""

from datetime import datetime, timedelta

from tasks.errors import Invalid
from tasks.models import Schedule, ScheduleKind
from tasks.scheduling.cron import Cron, Interval, Timing, zone


def make_timing(
    kind: ScheduleKind,
    *,
    cron: str | None,
    interval_seconds: int | None,
    timezone: str,
    starts_at: datetime,
) -> Timing:
    """Return the instants that these settings mean; raises Invalid where they mean none."""
    if kind is ScheduleKind.CRON:
        if not cron:
            raise Invalid("Give a cron expression such as 0 9 * * 1-5.", field="cron")
        return Cron(cron, zone(timezone))
    if not interval_seconds:
        raise Invalid("Give the length of the interval.", field="interval_seconds")
    return Interval(starts_at, timedelta(seconds=interval_seconds), zone(timezone))


def timing_of(schedule: Schedule) -> Timing:
    """Return the instants of a schedule."""
    return make_timing(
        schedule.kind,
        cron=schedule.cron,
        interval_seconds=schedule.interval_seconds,
        timezone=schedule.timezone,
        starts_at=schedule.starts_at,
    )


def next_due(schedule: Schedule, *, now: datetime) -> datetime:
    """The first instant after now and not before the schedule's start."""
    return next(timing_of(schedule).after(max(now, schedule.starts_at)))
