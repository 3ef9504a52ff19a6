"""`orchestrator schedule preview`: the coming instants, as scripts read them."""

import json
from datetime import date

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.models import DayKind
from tasks.scheduling.calendars import create_calendar, set_own_day
from tests.unit.cli.conftest import Call

BERLIN = ("schedule", "preview", "--timezone", "Europe/Berlin", "--json")


def test_a_time_that_does_not_exist_is_explained(orchestrator: Call) -> None:
    result = orchestrator(
        *BERLIN, "--cron", "30 2 * * *", "--from", "2026-03-28T12:00", "--count", "2"
    )
    assert json.loads(result.stdout) == [
        {
            "at": "2026-03-29T03:00:00+02:00",
            "note": "02:30 does not exist on this day",
            "code": "dst_gap",
        },
        {"at": "2026-03-30T02:30:00+02:00", "note": None},
    ]


def test_without_a_start_it_begins_now_in_the_zone_of_the_settings(orchestrator: Call) -> None:
    result = orchestrator("schedule", "preview", "--cron", "0 9 * * 1-5", "--count", "1")
    assert result.stdout == "Tue 2026-03-17 09:00 +03\n"


def test_what_is_no_cron_no_zone_or_no_instant_is_bad_input(orchestrator: Call) -> None:
    preview = ("schedule", "preview", "--cron")
    for arguments in (
        (*preview, "* * * * * *"),
        (*preview, "99 * * * *"),
        (*preview, "* * * * *", "--timezone", "Europe/Nowhere"),
        (*preview, "* * * * *", "--from", "tomorrow"),
        (*preview, "* * * * *", "--count", "0"),
    ):
        result = orchestrator(*arguments)
        assert result.exit_code == 2, arguments
        assert "Traceback" not in result.output


def lines_of(orchestrator: Call, *arguments: str) -> list[str]:
    result = orchestrator("schedule", "preview", "--timezone", "Europe/Istanbul", *arguments)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


def test_every_kind_of_schedule_is_previewed(orchestrator: Call) -> None:
    start = ("--from", "2026-03-16T12:00", "--count", "2")
    assert lines_of(orchestrator, "--every", "90m", *start) == [
        "Mon 2026-03-16 13:30 +03",
        "Mon 2026-03-16 15:00 +03",
    ]
    assert lines_of(orchestrator, "--at", "2026-03-28T12:00", *start) == [
        "Sat 2026-03-28 12:00 +03"
    ]
    assert lines_of(orchestrator, "--working-day", "-1", "--time", "09:00", *start) == [
        "Tue 2026-03-31 09:00 +03",
        "Thu 2026-04-30 09:00 +03",
    ]
    place = ("--lat", "41.01", "--lon", "28.98")
    assert lines_of(orchestrator, "--solar", "sunset", *place, *start) == [
        "Mon 2026-03-16 19:11:36 +03",
        "Tue 2026-03-17 19:12:42 +03",
    ]


def test_a_country_is_a_calendar_without_being_saved(orchestrator: Call) -> None:
    weekdays = ("--cron", "0 9 * * 1-5", "--calendar", "TR", "--on-holiday", "previous")
    start = ("--from", "2026-04-21T12:00", "--count", "2")
    assert lines_of(orchestrator, *weekdays, *start) == [
        "Wed 2026-04-22 09:00 +03",
        "- Thu 2026-04-23 09:00 +03  (2026-04-22 already has a run of this schedule; it runs once)",
        "Fri 2026-04-24 09:00 +03",
    ]


def test_json_holds_what_runs_with_what_moved_it(orchestrator: Call) -> None:
    saturdays = ("--cron", "0 9 * * 6", "--calendar", "TR", "--on-holiday", "next")
    start = ("--from", "2026-03-16T12:00", "--count", "1", "--json")
    assert json.loads("\n".join(lines_of(orchestrator, *saturdays, *start))) == [
        {
            "at": "2026-03-23T09:00:00+03:00",
            "note": "2026-03-21 (Ramazan Bayramı) is no working day; "
            "it runs on the next working day",
            "code": "holiday_next",
        }
    ]


def test_a_calendar_of_ours_is_followed_by_its_name(orchestrator: Call) -> None:
    with transaction() as session:
        calendar = create_calendar(session, slug="shop", title="Shop", weekend=[6], now=utcnow())
        set_own_day(session, calendar, date(2026, 3, 21), DayKind.HOLIDAY, "Fair")
    saturdays = ("--cron", "0 9 * * 6", "--calendar", "shop", "--on-holiday", "skip")
    assert lines_of(orchestrator, *saturdays, "--count", "1") == [
        "- Sat 2026-03-21 09:00 +03  (2026-03-21 (Fair) is no working day; nothing runs)",
        "Sat 2026-03-28 09:00 +03",
    ]


def test_what_never_runs_comes_to_an_end(orchestrator: Call) -> None:
    saturdays = ("--cron", "0 9 * * 6", "--calendar", "TR", "--on-holiday", "skip", "--json")
    assert lines_of(orchestrator, *saturdays) == ["[]"]


def test_one_time_that_does_not_exist_or_comes_twice_says_so(orchestrator: Call) -> None:
    for at, begins in (
        ("2026-03-29T02:30", "Sun 2026-03-29 03:00 CEST  (02:30 does not exist on this day)"),
        ("2026-10-25T02:30", "Sun 2026-10-25 02:30 CEST  (02:30 comes twice on this day; it runs"),
        ("2026-10-25T02:30+01:00", "Sun 2026-10-25 02:30 CET"),
    ):
        (line,) = lines_of(orchestrator, "--timezone", "Europe/Berlin", "--at", at)
        assert line.startswith(begins)


def test_what_is_over_says_so(orchestrator: Call) -> None:
    assert lines_of(orchestrator, "--at", "2020-01-01T09:00") == [
        "Nothing comes after 2026-03-16T12:00:00+03:00."
    ]


def test_the_farthest_year_that_can_be_typed_is_previewed(orchestrator: Call) -> None:
    farthest = ("--every", "366d", "--from", "2999-12-31", "--count", "1000")
    assert len(lines_of(orchestrator, *farthest)) == 1000


def test_half_a_schedule_or_two_are_bad_input(orchestrator: Call) -> None:
    for arguments in (
        (),
        ("--cron", "* * * * *", "--every", "5m"),
        ("--every", "soon"),
        ("--every", "0s"),
        ("--at", "tomorrow"),
        ("--working-day", "1"),
        ("--working-day", "0", "--time", "09:00"),
        ("--working-day", "1", "--time", "25:00"),
        ("--solar", "moonrise", "--lat", "1", "--lon", "1"),
        ("--solar", "sunrise", "--lat", "91", "--lon", "1"),
        ("--solar", "sunrise", "--lat", "41"),
        ("--cron", "0 9 * * *", "--on-holiday", "skip"),
        ("--cron", "0 9 * * *", "--calendar", "XX"),
        ("--cron", "0 9 * * *", "--calendar", "nowhere"),
        ("--cron", "0 9 * * *", "--time", "10:00"),
        ("--every", "1h", "--lat", "41"),
        ("--working-day", "1", "--time", "09:00", "--lon", "29"),
        ("--every", "1d", "--from", "9999-12-30"),
        ("--cron", "0 9 * * *", "--from", "0001-01-01"),
        ("--at", "9999-12-31T23:59"),
    ):
        result = orchestrator("schedule", "preview", *arguments)
        assert result.exit_code == 2, arguments
        assert "Traceback" not in result.output
