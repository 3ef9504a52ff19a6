"""The nights when the clocks change, against an enumeration minute by minute.

The enumeration knows neither our code nor cronsim's zones: it walks through UTC, looks at the
clock on the wall, and applies the rules of Debian's cron.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.scheduling.cron import Cron

MINUTE = timedelta(minutes=1)
LOOK_BACK = timedelta(hours=4)
CHANGES = [
    ("Europe/Berlin", "2026-03-29", "2026-10-25"),
    ("America/New_York", "2026-03-08", "2026-11-01"),
    ("Australia/Lord_Howe", "2026-10-04", "2026-04-05"),
    ("Africa/Casablanca", "2026-03-22", "2026-02-15"),
    ("Europe/Istanbul", "2016-03-27", "2015-11-08"),
    ("America/Havana", "2026-03-08", "2026-11-01"),
    ("Asia/Beirut", "2026-03-29", "2026-10-25"),
    ("America/Sao_Paulo", "2018-11-04", "2019-02-17"),
    ("Antarctica/Troll", "2026-03-29", "2026-10-25"),
    ("America/Scoresbysund", "2024-03-31", "2024-10-27"),
]
"""A zone, the day on which its clocks go forward, and the one on which they go back."""
NIGHTS = [(zone, day) for zone, *days in CHANGES for day in days]


def enumerated(expression: str, zone: ZoneInfo, start: datetime, end: datetime) -> list[datetime]:
    """Return what is due after `start` and up to `end`, both in UTC."""
    minutes, hours, days, months, weekdays = (
        _numbers(part, low, high)
        for part, low, high in zip(
            expression.split(), (0, 0, 1, 1, 0), (59, 23, 31, 12, 7), strict=True
        )
    )
    days_and = any(expression.split()[field].startswith("*") for field in (2, 4))

    def named(wall: datetime) -> bool:
        if wall.minute not in minutes or wall.hour not in hours or wall.month not in months:
            return False
        by_day = wall.day in days
        by_weekday = bool({wall.isoweekday(), wall.isoweekday() % 7} & weekdays)
        return by_day and by_weekday if days_and else by_day or by_weekday

    all_the_time = any(part.startswith("*") for part in expression.split()[:2])
    found: list[datetime] = []
    seen: set[datetime] = set()
    # from before a repeated hour, to know what its first pass has run already
    before = _wall(start - LOOK_BACK, zone)
    for at, wall in _walk(zone, start - LOOK_BACK, end):
        if all_the_time:
            due = named(wall)
        else:
            missing = [before + MINUTE * n for n in range(1, (wall - before) // MINUTE)]
            due = (wall not in seen and named(wall)) or any(map(named, missing))
            seen.add(wall)
        if due and at > start:
            found.append(at)
        before = wall
    return found


@lru_cache(maxsize=len(NIGHTS))
def _walk(zone: ZoneInfo, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """Return each minute after `start` and up to `end`, in UTC and on the wall."""
    return [(at, _wall(at, zone)) for at in _minutes(start, end)]


def _minutes(start: datetime, end: datetime) -> Iterator[datetime]:
    at = start.replace(second=0) + MINUTE
    while at <= end:
        yield at
        at += MINUTE


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def _numbers(part: str, low: int, high: int) -> set[int]:
    found: set[int] = set()
    for term in part.split(","):
        span, _, step = term.partition("/")
        first, _, last = span.partition("-")
        if span == "*":
            first, last = str(low), str(high)
        elif not last:
            last = str(high) if step else first
        found |= set(range(int(first), int(last) + 1, int(step or 1)))
    return found


def ours(expression: str, zone: ZoneInfo, start: datetime, end: datetime) -> list[datetime]:
    coming = (at.astimezone(UTC) for at in Cron(expression, zone).after(start))
    return list(takewhile(lambda at: at <= end, coming))


@pytest.mark.parametrize(("name", "day"), NIGHTS)
@pytest.mark.parametrize(
    "expression",
    [
        "30 2 * * *", "0 2 * * *", "0,30 0-4 * * *", "15 1,2,3 * * *", "45 23 * * *", "0 0 * * *",
        "0 * * * *", "*/15 * * * *", "* * * * *", "45 * * * *", "*/15 3 * * *", "*/5 0-2 * * *",
        "30 */2 * * *", "* 2 * * 0", "0 3 1-7 * 0", "30 0 * * 1-5",
    ],
)  # fmt: skip
def test_each_night_agrees_with_the_clock_on_the_wall(name: str, day: str, expression: str) -> None:
    zone = ZoneInfo(name)
    noon = datetime.fromisoformat(day).replace(hour=12, tzinfo=zone).astimezone(UTC)
    start, end = noon - timedelta(hours=30), noon + timedelta(hours=30)
    assert ours(expression, zone, start, end) == enumerated(expression, zone, start, end)


@pytest.mark.parametrize(("name", "day"), NIGHTS)
def test_a_daily_time_in_the_changed_hour_runs_once_that_night(name: str, day: str) -> None:
    zone = ZoneInfo(name)
    midnight = datetime.fromisoformat(day).replace(tzinfo=zone)
    for minute in range(0, 4 * 60, 15):
        expression = f"{minute % 60} {minute // 60} * * *"
        start = (midnight - timedelta(days=1)).replace(hour=12).astimezone(UTC)
        found = ours(expression, zone, start, start + timedelta(days=1))
        assert len(found) == 1, (expression, found)


@pytest.mark.parametrize(("name", "day"), NIGHTS)
@pytest.mark.parametrize("minutes", [15, 60])
def test_nothing_that_runs_all_the_time_is_lost_or_doubled(
    name: str, day: str, minutes: int
) -> None:
    zone = ZoneInfo(name)
    noon = datetime.fromisoformat(day).replace(hour=12, tzinfo=zone).astimezone(UTC)
    start = noon - timedelta(days=1)
    expression = "0 * * * *" if minutes == 60 else "*/15 * * * *"
    found = ours(expression, zone, start, noon)
    if minutes == 60 and name == "Australia/Lord_Howe":
        assert all(_wall(at, zone).minute == 0 for at in found)  # the hour changes by a half
    else:
        assert found == [start + timedelta(minutes=minutes) * n for n in range(1, len(found) + 1)]
        assert found[-1] == noon


@pytest.mark.parametrize(("name", "day"), NIGHTS)
@pytest.mark.parametrize("expression", ["*/20 * * * *", "0,30 0-3 * * *"])
def test_it_does_not_matter_from_when_one_counts(name: str, day: str, expression: str) -> None:
    zone = ZoneInfo(name)
    noon = datetime.fromisoformat(day).replace(hour=12, tzinfo=zone).astimezone(UTC)
    start = noon - timedelta(hours=16)
    all_of_them = ours(expression, zone, start, noon)
    for at in list(_minutes(start, noon))[::25]:
        rest = [one for one in all_of_them if one > at]
        assert ours(expression, zone, at, noon) == rest
        assert ours(expression, zone, at.astimezone(zone), noon) == rest


def _part(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high)
    low_number, high_number = st.integers(low, high // 2), st.integers(high // 2 + 1, high)
    span = st.tuples(low_number, high_number).map(lambda pair: f"{pair[0]}-{pair[1]}")
    step = st.integers(1, high).map(lambda step: f"*/{step}")
    stepped = st.tuples(span, st.integers(1, high)).map(lambda pair: f"{pair[0]}/{pair[1]}")
    several = st.lists(number, min_size=1, max_size=3).map(lambda some: ",".join(map(str, some)))
    return st.one_of(st.just("*"), number.map(str), span, step, stepped, several)


EXPRESSIONS = st.tuples(_part(0, 59), _part(0, 23), _part(1, 31), st.just("*"), _part(0, 7)).map(
    " ".join
)
STARTS = st.datetimes(datetime(1985, 1, 1), datetime(2037, 12, 1), timezones=st.just(UTC))
ZONES = st.sampled_from(sorted({zone for zone, _ in NIGHTS} | {"UTC", "Asia/Kathmandu"}))
_bounded = settings(
    derandomize=True,
    max_examples=200,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@_bounded
@given(expression=EXPRESSIONS, name=ZONES, start=STARTS)
def test_any_expression_agrees_with_the_clock_on_the_wall(
    expression: str, name: str, start: datetime
) -> None:
    zone, start = ZoneInfo(name), start.replace(microsecond=0)
    end = start + timedelta(days=1)
    assert ours(expression, zone, start, end) == enumerated(expression, zone, start, end)


@_bounded
@given(
    expression=EXPRESSIONS,
    night=st.sampled_from(NIGHTS),
    hours=st.integers(-18, 1),
)
def test_any_expression_agrees_where_the_clocks_change(
    expression: str, night: tuple[str, str], hours: int
) -> None:
    name, day = night
    zone = ZoneInfo(name)
    noon = datetime.fromisoformat(day).replace(hour=12, tzinfo=zone).astimezone(UTC)
    start = noon + timedelta(hours=hours)
    end = start + timedelta(hours=20)
    assert ours(expression, zone, start, end) == enumerated(expression, zone, start, end)
