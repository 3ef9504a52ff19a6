"""From the columns of a schedule to its instants, between its start and its end."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from time import process_time
from typing import Any

import pytest

from tasks.errors import Invalid
from tasks.models import Schedule, ScheduleKind
from tasks.scheduling.timing import make_timing, timing_of
from tasks.scheduling.working_days import WorkingDays

START = datetime(2026, 3, 16, 9, tzinfo=UTC)
KINDS: dict[ScheduleKind, dict[str, Any]] = {
    ScheduleKind.CRON: {"cron": "0 12 * * *"},
    ScheduleKind.INTERVAL: {"interval_seconds": 86_400},
    ScheduleKind.ONCE: {"once_at": START + timedelta(days=2)},
    ScheduleKind.WORKING_DAY: {"working_day": -1, "time_of_day": "09:00"},
    ScheduleKind.SOLAR: {"solar_event": "sunrise", "latitude": 41.0, "longitude": 29.0},
}


def walls(kind: ScheduleKind, count: int, after: datetime = START, **columns: Any) -> list[str]:
    given: dict[str, Any] = {"timezone": "Europe/Istanbul", "starts_at": START} | columns
    return [f"{at:%m-%d %H:%M}" for at in islice(make_timing(kind, **given).after(after), count)]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_due_before_the_start_and_after_the_end(kind: ScheduleKind) -> None:
    columns = KINDS[kind]
    whole = make_timing(kind, timezone="UTC", starts_at=START, **columns)
    second, third = islice(whole.after(START), 2) if kind != ScheduleKind.ONCE else (
        columns["once_at"], columns["once_at"],
    )  # fmt: skip
    far_back = START - timedelta(days=900)
    if kind != ScheduleKind.INTERVAL:  # an interval counts from its start
        late = make_timing(kind, timezone="UTC", starts_at=second, **columns)
        assert next(late.after(far_back)) == second
    early = make_timing(kind, timezone="UTC", starts_at=START, ends_at=third, **columns)
    assert list(early.after(second - timedelta(seconds=1))) == sorted({second, third})
    never = make_timing(kind, timezone="UTC", starts_at=START, ends_at=START, **columns)
    assert list(never.after(START)) == []


def test_an_interval_that_starts_later_is_first_due_at_its_start() -> None:
    start = START + timedelta(days=3)
    timing = make_timing(
        ScheduleKind.INTERVAL, timezone="UTC", starts_at=start, interval_seconds=60
    )
    assert list(islice(timing.after(START), 2)) == [start, start + timedelta(minutes=1)]


def test_an_interval_keeps_its_length_where_the_clocks_change() -> None:
    night = datetime(2026, 3, 28, 23, tzinfo=UTC)
    columns: dict[str, Any] = {"starts_at": night, "timezone": "Europe/Berlin"}
    assert walls(ScheduleKind.INTERVAL, 3, night, interval_seconds=5_400, **columns) == [
        "03-29 01:30", "03-29 04:00", "03-29 05:30",
    ]  # fmt: skip


def test_one_instant_is_due_once_whatever_is_asked() -> None:
    at = START + timedelta(hours=1)
    assert walls(ScheduleKind.ONCE, 5, once_at=at) == ["03-16 13:00"]
    assert walls(ScheduleKind.ONCE, 5, at, once_at=at) == []


def test_working_days_of_the_month_without_a_calendar_know_the_weekend() -> None:
    def days(which: int) -> list[str]:
        return walls(ScheduleKind.WORKING_DAY, 3, working_day=which, time_of_day="08:30")

    assert days(1) == ["04-01 08:30", "05-01 08:30", "06-01 08:30"]
    assert days(-1) == ["03-31 08:30", "04-30 08:30", "05-29 08:30"]
    assert days(-2) == ["03-30 08:30", "04-29 08:30", "05-28 08:30"]
    assert days(22) == ["03-31 08:30", "04-30 08:30", "06-30 08:30"]


def test_working_days_of_the_month_follow_the_calendar() -> None:
    days = WorkingDays(off={date(2026, 5, 1): "May Day"})
    columns: dict[str, Any] = {"working_day": 1, "time_of_day": "08:30", "days": days}
    assert walls(ScheduleKind.WORKING_DAY, 2, **columns) == ["04-01 08:30", "05-04 08:30"]


def test_a_working_day_at_a_time_that_does_not_exist_runs_at_the_first_that_does() -> None:
    days = WorkingDays(weekend=frozenset({5}), off={date(2026, 3, day): "" for day in (30, 31)})
    columns: dict[str, Any] = {"working_day": -1, "time_of_day": "02:30", "days": days}
    found = walls(ScheduleKind.WORKING_DAY, 1, timezone="Europe/Berlin", **columns)
    assert found == ["03-29 03:00"]


def test_a_month_that_is_too_short_is_passed_over_and_one_that_never_comes_is_over() -> None:
    assert walls(ScheduleKind.WORKING_DAY, 1, working_day=23, time_of_day="09:00") == [
        "07-31 09:00"
    ]
    started = process_time()
    assert walls(ScheduleKind.WORKING_DAY, 1, working_day=24, time_of_day="09:00") == []
    assert process_time() - started < 0.5


def test_the_next_of_a_schedule_is_none_once_it_is_over() -> None:
    schedule = Schedule(
        kind=ScheduleKind.CRON, cron="0 12 * * *", timezone="UTC", starts_at=START,
        ends_at=START + timedelta(days=1),
    )  # fmt: skip
    coming = timing_of(schedule).after(START)
    assert list(coming) == [START.replace(hour=12)]


@pytest.mark.parametrize(
    ("kind", "columns", "field"),
    [
        (ScheduleKind.CRON, {"cron": ""}, "cron"),
        (ScheduleKind.INTERVAL, {"interval_seconds": 0}, "interval_seconds"),
        (ScheduleKind.INTERVAL, {"interval_seconds": -5}, "interval_seconds"),
        (ScheduleKind.INTERVAL, {"interval_seconds": 10**12}, "interval_seconds"),
        (ScheduleKind.ONCE, {}, "once_at"),
        (ScheduleKind.WORKING_DAY, {"time_of_day": "09:00"}, "working_day"),
        (ScheduleKind.WORKING_DAY, {"working_day": 0, "time_of_day": "09:00"}, "working_day"),
        (ScheduleKind.WORKING_DAY, {"working_day": 32, "time_of_day": "09:00"}, "working_day"),
        (ScheduleKind.WORKING_DAY, {"working_day": 1}, "time_of_day"),
        (ScheduleKind.WORKING_DAY, {"working_day": 1, "time_of_day": "24:00"}, "time_of_day"),
        (ScheduleKind.SOLAR, {"latitude": 1.0, "longitude": 1.0}, "solar_event"),
        (ScheduleKind.SOLAR, {"solar_event": "sunset", "longitude": 1.0}, "latitude"),
        (ScheduleKind.SOLAR, {"solar_event": "sunset", "latitude": 1.0}, "longitude"),
        (ScheduleKind.CRON, {"cron": "@daily", "timezone": "Mars"}, "timezone"),
        (ScheduleKind.CRON, {"cron": "@daily", "ends_at": START - timedelta(days=1)}, "ends_at"),
    ],
)
def test_what_is_missing_or_means_nothing_is_refused_with_its_field(
    kind: ScheduleKind, columns: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        walls(kind, 1, **columns)
    assert refused.value.field == field
