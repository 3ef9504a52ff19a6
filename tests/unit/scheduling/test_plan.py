"""What becomes of an instant that falls on a day off."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise, takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.errors import Invalid
from tasks.models import OnHoliday, Schedule, ScheduleKind
from tasks.scheduling.cron import Cron
from tasks.scheduling.instants import Timing, on_wall
from tasks.scheduling.interval import Interval, Once
from tasks.scheduling.plan import Plan, Planned, note_of, plan_of
from tasks.scheduling.timing import Bounded
from tasks.scheduling.working_days import WorkingDays

ISTANBUL, BERLIN = ZoneInfo("Europe/Istanbul"), ZoneInfo("Europe/Berlin")
BAYRAM = {date(2026, 5, day): "Kurban Bayramı" for day in (27, 28, 29, 30)}
DAYS = WorkingDays(off={date(2026, 4, 23): "Children's Day"} | BAYRAM, title="Türkiye")
MONDAY = datetime(2026, 4, 20, tzinfo=ISTANBUL)


def plan(
    cron: str, rule: OnHoliday, days: WorkingDays | None = DAYS, zone: ZoneInfo = ISTANBUL
) -> Plan:
    return Plan(Cron(cron, zone), zone, days, rule)


def told(one: Plan, count: int, start: datetime = MONDAY) -> list[str]:
    return [_line(planned) for planned in islice(one.after(start), count)]


def _line(one: Planned) -> str:
    due = f"{one.due_at:%d %H:%M}" if one.runs else "not"
    return f"{one.scheduled_for:%d %H:%M} {due} {one.code or ''}".strip()


@pytest.mark.parametrize("days", [DAYS, None])
def test_without_a_rule_nothing_moves(days: WorkingDays | None) -> None:
    daily = plan("0 9 * * *", OnHoliday.RUN, days)
    assert told(daily, 7)[3:] == [f"{day} 09:00 {day} 09:00" for day in (23, 24, 25, 26)]


def test_a_day_off_is_skipped_with_its_name() -> None:
    thursday = list(islice(plan("0 9 * * *", OnHoliday.SKIP).after(MONDAY), 4))[-1]
    assert not thursday.runs
    assert thursday.due_at == thursday.scheduled_for == MONDAY.replace(day=23, hour=9)
    assert thursday.code == "holiday_skip"
    assert thursday.note == "2026-04-23 (Children's Day) is no working day; nothing runs"


def test_a_weekend_has_no_name() -> None:
    saturday = next(plan("0 9 * * 6", OnHoliday.SKIP).after(MONDAY))
    assert saturday.note == "2026-04-25 is no working day; nothing runs"


def test_a_weekly_run_moves_to_the_working_day_before_or_after() -> None:
    thursdays = "0 9 * * 4"
    assert told(plan(thursdays, OnHoliday.PREVIOUS), 2) == [
        "23 09:00 22 09:00 holiday_previous", "30 09:00 30 09:00",
    ]  # fmt: skip
    (moved,) = islice(plan(thursdays, OnHoliday.NEXT).after(MONDAY), 1)
    assert (moved.code, moved.due_at) == ("holiday_next", MONDAY.replace(day=24, hour=9))
    assert moved.scheduled_for == MONDAY.replace(day=23, hour=9)
    assert moved.note == (
        "2026-04-23 (Children's Day) is no working day; it runs on the next working day"
    )
    assert moved.meant == "2026-04-23 (Children's Day)"


@pytest.mark.parametrize("rule", [OnHoliday.PREVIOUS, OnHoliday.NEXT])
def test_a_day_that_has_a_run_of_its_own_takes_none_in(rule: OnHoliday) -> None:
    lines = told(plan("0 9 * * *", rule), 8)
    assert lines[3] == "23 09:00 not holiday_merged"
    assert lines[5:7] == ["25 09:00 not holiday_merged", "26 09:00 not holiday_merged"]
    assert lines[4] == "24 09:00 24 09:00"


def test_a_merged_instant_names_the_day_that_runs_for_it() -> None:
    friday = list(islice(plan("0 9 * * *", OnHoliday.NEXT).after(MONDAY), 6))[-1]
    assert friday.note == "2026-04-27 already has a run of this schedule; it runs once"


@pytest.mark.parametrize(
    ("rule", "lines"),
    [
        (OnHoliday.NEXT, ["25 09:00 27 09:00 holiday_next", "25 17:00 not holiday_merged",
                          "26 09:00 not holiday_merged", "26 17:00 not holiday_merged"]),
        (OnHoliday.PREVIOUS, ["25 09:00 24 09:00 holiday_previous", "25 17:00 not holiday_merged",
                              "26 09:00 not holiday_merged", "26 17:00 not holiday_merged"]),
    ],
)  # fmt: skip
def test_of_what_moves_to_the_same_day_the_first_runs(rule: OnHoliday, lines: list[str]) -> None:
    assert told(plan("0 9,17 * * 6,0", rule), 4) == lines


def test_a_long_holiday_with_its_weekend_moves_as_one_block() -> None:
    start = datetime(2026, 5, 26, 12, tzinfo=ISTANBUL)
    wednesday_to_friday = plan("0 9 * * 3,4,5", OnHoliday.NEXT)
    assert told(wednesday_to_friday, 4, start) == [
        "27 09:00 01 09:00 holiday_next", "28 09:00 not holiday_merged",
        "29 09:00 not holiday_merged", "03 09:00 03 09:00",
    ]  # fmt: skip


def test_a_moved_time_that_does_not_exist_runs_at_the_first_that_does() -> None:
    days = WorkingDays(weekend=frozenset({5}))
    saturday = datetime(2026, 3, 27, 12, tzinfo=BERLIN)
    one = next(plan("30 2 * * 6", OnHoliday.NEXT, days, BERLIN).after(saturday))
    assert one.due_at.isoformat() == "2026-03-29T03:00:00+02:00"
    assert one.code == "holiday_next"


def test_the_change_of_clocks_is_told_where_nothing_moves() -> None:
    days = WorkingDays(weekend=frozenset())
    saturday = datetime(2026, 3, 28, 12, tzinfo=BERLIN)
    one = next(plan("30 2 * * *", OnHoliday.NEXT, days, BERLIN).after(saturday))
    assert (one.code, one.meant, one.runs) == ("dst_gap", "02:30", True)
    assert one.note == "02:30 does not exist on this day"


def test_the_same_time_on_the_wall_twice_is_two_instants() -> None:
    start = datetime(2026, 10, 24, 23, 45, tzinfo=UTC)
    twice = list(islice(plan("30 * * * *", OnHoliday.RUN, None, BERLIN).after(start), 2))
    in_utc = [start.replace(day=25, hour=hour, minute=30) for hour in (0, 1)]
    assert [one.scheduled_for for one in twice] == in_utc
    assert {one.scheduled_for for one in twice} == set(in_utc)
    assert len(set(twice)) == 2
    assert twice[1].due_at - twice[0].due_at == timedelta(hours=1)
    assert [f"{one.due_at:%H:%M%z}" for one in twice] == ["02:30+0200", "02:30+0100"]


def test_what_begins_later_and_has_ended_moves_nothing() -> None:
    saturdays = Cron("0 9 * * 6,0", ISTANBUL)
    from_sunday = Bounded(saturdays, datetime(2026, 4, 26, tzinfo=ISTANBUL), None)
    only = Plan(from_sunday, ISTANBUL, DAYS, OnHoliday.NEXT)
    assert told(only, 1) == ["26 09:00 27 09:00 holiday_next"]
    daily = Bounded(Cron("0 9 * * *", ISTANBUL), MONDAY, datetime(2026, 4, 26, 12, tzinfo=ISTANBUL))
    ending = Plan(daily, ISTANBUL, DAYS, OnHoliday.NEXT)
    assert told(ending, 99)[-2:] == [
        "25 09:00 27 09:00 holiday_next", "26 09:00 not holiday_merged",
    ]  # fmt: skip


def test_a_plan_that_is_over_has_no_next() -> None:
    once = Plan(Once(MONDAY, ISTANBUL), ISTANBUL)
    assert next(once.after(MONDAY - timedelta(seconds=1)), None) is not None
    assert next(once.after(MONDAY), None) is None


def test_a_calendar_without_working_days_is_refused_and_does_not_hang() -> None:
    closed = WorkingDays(weekend=frozenset(range(7)), title="Closed")
    with pytest.raises(Invalid, match="has no working day"):
        next(plan("0 9 * * *", OnHoliday.NEXT, closed).after(MONDAY))


def test_a_plan_follows_the_columns_of_its_schedule() -> None:
    schedule = Schedule(
        kind=ScheduleKind.WORKING_DAY, working_day=17, time_of_day="09:30",
        timezone="Europe/Istanbul", starts_at=MONDAY, on_holiday=OnHoliday.RUN,
    )  # fmt: skip
    assert told(plan_of(schedule, DAYS), 1) == ["24 09:30 24 09:30"]
    assert told(plan_of(schedule, None), 1) == ["23 09:30 23 09:30"]


def test_a_note_is_told_in_another_language_from_its_code() -> None:
    turkish = {"{day} is no working day; nothing runs": "{day} iş günü değil; çalışmaz"}
    note = note_of("holiday_skip", "2026-04-23", lambda sentence: turkish[sentence])
    assert note == "2026-04-23 iş günü değil; çalışmaz"


def test_beat_does_without_the_packages_of_calendars_and_the_sun() -> None:
    heavy = {"holidays", "ephem", "sqlglot", "duckdb", "cron_descriptor"}
    code = (
        "import sys; import tasks.scheduling.plan, tasks.scheduling.calendars;"
        f"print({heavy} & set(sys.modules))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert loaded.stdout == "set()\n"


HOURS = st.sampled_from(["9", "2,23", "*/6", "0", "2"])
CRONS = st.tuples(
    st.sampled_from(["0", "30", "*/20"]),
    HOURS,
    st.sampled_from(["*", "1-7", "15,28", "L"]),
    st.just("*"),
    st.sampled_from(["*", "6,0", "5", "1-5"]),
).map(" ".join)
STARTS = st.datetimes(datetime(2025, 12, 20), datetime(2026, 11, 20), timezones=st.just(UTC))
OFF = st.frozensets(st.integers(0, 365), max_size=60).map(
    lambda days: {date(2026, 1, 1) + timedelta(days=n): "Off" for n in days}
)
WEEKENDS = st.frozensets(st.integers(0, 6), max_size=4)
RULES = st.sampled_from([OnHoliday.PREVIOUS, OnHoliday.NEXT, OnHoliday.SKIP])
_bounded = settings(
    derandomize=True,
    max_examples=150,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    days = WorkingDays(weekend=draw(WEEKENDS), off=draw(OFF))
    zone = draw(st.sampled_from([ISTANBUL, BERLIN, ZoneInfo("Australia/Lord_Howe")]))
    every = Interval(datetime(2026, 1, 1, tzinfo=UTC), timedelta(hours=7), zone)
    timing: Timing = draw(st.one_of(CRONS.map(lambda cron: Cron(cron, zone)), st.just(every)))
    return Plan(timing, zone, days, draw(RULES))


def expected(one: Plan, start: datetime, end: datetime) -> list[tuple[datetime, datetime | None]]:
    """Return what is meant between two instants and when it is due, from a list of all around."""
    assert one.days is not None
    around = timedelta(days=70)
    coming = (at.astimezone(UTC) for at in one.timing.after(start - around))
    nominal = list(takewhile(lambda at: at <= end + around, coming))
    days = [at.astimezone(one.zone).date() for at in nominal]
    taken = {day for day in days if one.days.is_working(day)}
    found: list[tuple[datetime, datetime | None]] = []
    for at, day in zip(nominal, days, strict=True):
        if one.days.is_working(day):
            found.append((at, at))
        elif one.on_holiday is OnHoliday.SKIP:
            found.append((at, None))
        else:
            backwards = one.on_holiday is OnHoliday.PREVIOUS
            target = one.days.previous(day) if backwards else one.days.next(day)
            wall = datetime.combine(target, at.astimezone(one.zone).time())
            due = None if target in taken else on_wall(wall, one.zone).at.astimezone(UTC)
            taken.add(target)
            found.append((at, due))
    return [pair for pair in found if start < pair[0] <= end]


@_bounded
@given(one=plans(), start=STARTS)
def test_any_plan_agrees_with_a_list_of_all_its_days(one: Plan, start: datetime) -> None:
    end = start + timedelta(days=21)
    planned = takewhile(lambda each: each.scheduled_for.astimezone(UTC) <= end, one.after(start))
    found = [(each.scheduled_for, each.due_at if each.runs else None) for each in planned]
    in_utc = [(at.astimezone(UTC), due and due.astimezone(UTC)) for at, due in found]
    assert in_utc == expected(one, start, end)
    due = [at for _, at in in_utc if at is not None]
    assert all(earlier <= later for earlier, later in pairwise(due))
