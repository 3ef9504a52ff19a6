"""The instants of a schedule, above all on the nights when the clocks change."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from time import process_time
from zoneinfo import ZoneInfo

import pytest

from tasks.errors import Invalid
from tasks.scheduling.cron import Cron
from tasks.scheduling.instants import Instant, on_wall, zone
from tasks.scheduling.interval import Interval

BERLIN = ZoneInfo("Europe/Berlin")


def upcoming(cron: Cron, *, after: datetime, count: int) -> list[Instant]:
    return list(islice(cron.instants(after), count))


def walls(expression: str, start: datetime, count: int) -> list[str]:
    instants = upcoming(Cron(expression, BERLIN), after=start, count=count)
    return [f"{one.at:%d %H:%M%z}" for one in instants]


def test_a_time_that_does_not_exist_runs_at_the_first_that_does() -> None:
    start = datetime(2026, 3, 28, 12, tzinfo=BERLIN)
    instants = upcoming(Cron("30 2 * * *", BERLIN), after=start, count=2)
    assert instants[0].at.isoformat() == "2026-03-29T03:00:00+02:00"
    assert (instants[0].note, instants[0].code) == ("02:30 does not exist on this day", "dst_gap")
    assert instants[1].at.isoformat() == "2026-03-30T02:30:00+02:00"
    assert instants[1].note is None


def test_a_time_that_comes_twice_runs_once() -> None:
    start = datetime(2026, 10, 24, 12, tzinfo=BERLIN)
    instants = upcoming(Cron("30 2 * * *", BERLIN), after=start, count=2)
    assert [one.at.isoformat() for one in instants] == [
        "2026-10-25T02:30:00+02:00",
        "2026-10-26T02:30:00+01:00",
    ]
    assert [one.code for one in instants] == ["dst_fold", None]


@pytest.mark.parametrize("minutes", [15, 30, 60])
@pytest.mark.parametrize("day", [datetime(2026, 3, 29), datetime(2026, 10, 25)])
def test_what_runs_all_the_time_loses_no_instant_and_needs_no_note(
    day: datetime, minutes: int
) -> None:
    expression = "0 * * * *" if minutes == 60 else f"*/{minutes} * * * *"
    start = day.replace(tzinfo=BERLIN).astimezone(UTC)
    instants = upcoming(Cron(expression, BERLIN), after=start, count=24 * 60 // minutes)
    length = timedelta(minutes=minutes)
    expected = [start + length * count for count in range(1, len(instants) + 1)]
    assert [one.at.astimezone(UTC) for one in instants] == expected
    assert {one.note for one in instants} == {None}


def test_nicknames_mean_their_five_fields() -> None:
    assert walls("@daily", datetime(2026, 1, 1, tzinfo=BERLIN), 1) == ["02 00:00+0100"]


@pytest.mark.parametrize(
    "expression", ["", "x", "61 * * * *", "* * * *", "* * * * * *", "0 0 30 2 *", "* " * 200]
)
def test_what_is_no_cron_expression_is_refused_with_a_sentence(expression: str) -> None:
    with pytest.raises(Invalid) as refused:
        Cron(expression, BERLIN)
    assert refused.value.field == "cron"


@pytest.mark.parametrize(
    "expression",
    [
        "1-99999999 * * * *", "*/0 * * * *", "0-59/0 * * * *", "9" * 110 + " * * * *",
        "0 0 30 2 *", "0 0 31 2,4,6,9,11 *", "0 0 */30 2 1#5", "0 0 1,2 2 8", "0 0 0 * *",
        "0 0 1-99 * *", "* * * 13 *", "* * * JANUARY *", "0 24 * * *", "0 0 * * 5#6",
        "0 0 * * #1", "0 0 L-3 * *", "5-1 * * * *", "1/2/3 * * * *", "1, * * * *",
        "-1 * * * *", "1- * * * *", "٣ * * * *", "0 0 ? * *", "@reboot", "@every 5m",
        "* * * * * 2026", "0 0 * * MON-", "0 0 * * " + "1," * 50, "\x00 * * * *", "*" * 121,
        "* * * * " + "," * 100, "* " * 50_000,
    ],
)  # fmt: skip
def test_no_expression_costs_memory_or_seconds_to_refuse(expression: str) -> None:
    started = process_time()
    with pytest.raises(Invalid) as refused:
        Cron(expression, BERLIN)
    assert process_time() - started < 0.05
    assert refused.value.message.endswith((".", "Friday.", "last."))
    assert len(refused.value.message) < 400


@pytest.mark.parametrize("expression", ["0 22-2 * * *", "0 9 * * fri-MON", "0 9 * nov-feb *"])
def test_a_range_over_the_end_is_told_apart_from_a_number_that_is_too_large(
    expression: str,
) -> None:
    with pytest.raises(Invalid, match="a range goes upwards"):
        Cron(expression, BERLIN)
    with pytest.raises(Invalid, match="goes from 0 to 23"):
        Cron("0 22-24 * * *", BERLIN)


@pytest.mark.parametrize(
    ("expression", "first"),
    [
        ("0 0 29 2 *", "2028-02-29T00:00:00+01:00"),
        ("0 0 */28 2 1#5", "2044-02-29T00:00:00+01:00"),
        ("0 9 * * 5L", "2026-03-27T09:00:00+01:00"),
        ("0 9 LW * *", "2026-03-31T09:00:00+02:00"),
        ("0 9 * JUN MON#2", "2026-06-08T09:00:00+02:00"),
        ("0 9 13 * FRI", "2026-03-20T09:00:00+01:00"),
        ("*/99999999 * * * *", "2026-03-16T11:00:00+01:00"),
        (",".join(str(minute) for minute in range(38)) + " 12 * * *", "2026-03-16T12:00:00+01:00"),
        ("  @Yearly ", "2027-01-01T00:00:00+01:00"),
    ],
)
def test_a_rare_day_is_found_without_delay(expression: str, first: str, now: datetime) -> None:
    started = process_time()
    (found,) = upcoming(Cron(expression, BERLIN), after=now, count=1)
    assert process_time() - started < 0.05
    assert found.at.isoformat() == first


def test_the_end_of_the_calendar_ends_what_is_coming(now: datetime) -> None:
    last = upcoming(Cron("0 0 1 1 *", BERLIN), after=now.replace(year=9990), count=100)
    assert [one.at.year for one in last] == list(range(9991, 10_000))


def test_two_times_that_do_not_exist_run_once() -> None:
    start = datetime(2026, 3, 28, 12, tzinfo=BERLIN)
    instants = upcoming(Cron("0,15,30 2,3 * * *", BERLIN), after=start, count=3)
    assert [f"{one.at:%d %H:%M}" for one in instants] == ["29 03:00", "29 03:15", "29 03:30"]


def test_an_interval_counts_from_its_anchor_and_not_from_when_it_is_asked() -> None:
    anchor = datetime(2026, 3, 28, 22, tzinfo=UTC)
    timing = Interval(anchor, timedelta(hours=6), BERLIN)
    first = list(islice(timing.after(anchor + timedelta(hours=1)), 2))
    again = list(islice(timing.after(anchor + timedelta(hours=5, minutes=59)), 2))
    assert first == again == [anchor + timedelta(hours=6), anchor + timedelta(hours=12)]


def test_an_interval_without_length_is_refused() -> None:
    with pytest.raises(Invalid, match="at least one second"):
        Interval(datetime(2026, 1, 1, tzinfo=UTC), timedelta(0), BERLIN)


def test_a_time_on_the_wall_means_its_first_pass_whatever_pass_it_came_from() -> None:
    repeated, missing = datetime(2026, 10, 25, 2, 30), datetime(2026, 3, 29, 2, 30)
    assert on_wall(repeated.replace(fold=1), BERLIN).at.isoformat() == "2026-10-25T02:30:00+02:00"
    assert on_wall(missing.replace(fold=1), BERLIN).code == "dst_gap"


@pytest.mark.parametrize("name", ["Nowhere/Atlantis", "../etc/passwd", ""])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="is not a time zone"):
        zone(name)
