"""The preview: the coming five instants in words, before anything is saved."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from tasks.db import reading
from tasks.models import Role, Schedule
from tests.support.factories import a_task
from tests.web.calendars_support import a_calendar, an_own_day
from tests.web.conftest import LoginAs

BEFORE_SPRING = datetime(2026, 3, 27, 12, tzinfo=UTC)
BEFORE_AUTUMN = datetime(2026, 10, 24, 12, tzinfo=UTC)


def test_the_preview_says_the_phrase_and_five_instants(login_as: LoginAs) -> None:
    editor = login_as(Role.EDITOR)
    typed = {"pattern": "daily", "time": "09:00", "timezone": "Europe/Istanbul"}
    answer = editor.get("/schedules/preview", query_string=typed)
    assert "At 09:00, every day" in answer.text
    assert answer.text.count("<time") == 5
    assert "<html" not in answer.text


@pytest.mark.parametrize(
    ("now", "cron", "at", "note"),
    [
        (BEFORE_SPRING, "30 2 * * *", "03:00", "02:30 does not exist on this day"),
        (BEFORE_AUTUMN, "30 2 * * *", "02:30", "02:30 comes twice on this day; it runs once"),
    ],
)
def test_the_preview_says_where_the_clocks_move_an_instant(
    login_as: LoginAs, now: datetime, cron: str, at: str, note: str
) -> None:
    typed = {"pattern": "cron", "cron": cron, "timezone": "Europe/Berlin"}
    editor = login_as(Role.EDITOR)
    with time_machine.travel(now, tick=False):
        page = editor.get("/schedules/preview", query_string=typed).text
    assert page.count(note) == 1
    assert at in page.split(note)[0].rsplit("<time", 1)[1]


@pytest.mark.parametrize(
    ("now", "typed", "at", "note"),
    [
        (BEFORE_SPRING, "2026-03-29T02:30", "03:00", "02:30 does not exist on this day"),
        (BEFORE_AUTUMN, "2026-10-25T02:30", "02:30", "02:30 comes twice on this day; it runs once"),
    ],
)
def test_the_preview_says_what_the_clocks_do_to_one_time(
    login_as: LoginAs, now: datetime, typed: str, at: str, note: str
) -> None:
    query = {"pattern": "once", "once_at": typed, "timezone": "Europe/Berlin"}
    editor = login_as(Role.EDITOR)
    with time_machine.travel(now, tick=False):
        page = editor.get("/schedules/preview", query_string=query).text
    assert page.count(note) == 1
    assert at in page.split(note)[0].rsplit("<time", 1)[1]


def test_the_preview_of_an_interval_counts_from_its_start(login_as: LoginAs) -> None:
    typed = {
        "pattern": "interval",
        "interval_seconds": "1",
        "interval_seconds-unit": "hours",
        "timezone": "UTC",
        "starts_at": "2026-01-01T00:20",
    }
    page = login_as(Role.EDITOR).get("/schedules/preview", query_string=typed).text
    assert "Every hour" in page
    assert page.count(":20:00+00:00") == 5


FRIDAY_OFF = date(2026, 3, 20)
BEFORE_FRIDAY = datetime(2026, 3, 19, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("on_holiday", "note", "at"),
    [
        ("skip", "is no working day; nothing runs", "Friday, 20 March 2026, 09:00"),
        ("next", "it runs on the next working day", "Monday, 23 March 2026, 09:00"),
        ("previous", "it runs on the working day before", "Thursday, 19 March 2026, 09:00"),
    ],
)
def test_the_preview_says_what_a_day_off_does_to_an_instant(
    login_as: LoginAs, on_holiday: str, note: str, at: str
) -> None:
    calendar = a_calendar()
    an_own_day(calendar, FRIDAY_OFF)
    typed = {
        "pattern": "cron",
        "cron": "0 9 * * 5",
        "timezone": "UTC",
        "calendar_id": str(calendar.id),
        "on_holiday": on_holiday,
    }
    now = BEFORE_FRIDAY - timedelta(hours=4)
    editor = login_as(Role.EDITOR)
    with time_machine.travel(now, tick=False):
        page = editor.get("/schedules/preview", query_string=typed).text
    first = page.split("<li")[1]
    assert note in first
    assert "Friday, 20 March 2026 (Founders’ day)" in first
    assert at in first


def test_a_schedule_that_never_meets_a_working_day_says_so_at_once(login_as: LoginAs) -> None:
    calendar = a_calendar()
    typed = {
        "pattern": "cron",
        "cron": "* * * * 6,0",
        "timezone": "UTC",
        "calendar_id": str(calendar.id),
        "on_holiday": "skip",
    }
    page = login_as(Role.EDITOR).get("/schedules/preview", query_string=typed).text
    assert page.count("preview__left-out") == 5


def test_what_is_over_has_nothing_to_come(login_as: LoginAs) -> None:
    typed = {"pattern": "once", "once_at": "2020-01-01T00:00", "timezone": "UTC"}
    page = login_as(Role.EDITOR).get("/schedules/preview", query_string=typed).text
    assert "Nothing comes after now." in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"pattern": "solar", "solar_event": "sunset", "place": "istanbul"}, "sunset"),
        ({"pattern": "working_day", "working_day": "-1", "time": "18:00"}, "last working day"),
        ({"pattern": "once", "once_at": "2999-01-01T09:00"}, "1 January 2999"),
    ],
)
def test_every_kind_has_its_words(login_as: LoginAs, typed: dict[str, str], words: str) -> None:
    query = typed | {"timezone": "Europe/Istanbul"}
    page = login_as(Role.EDITOR).get("/schedules/preview", query_string=query).text
    assert words in page
    assert "<time" in page


def test_an_instant_in_another_zone_is_said_in_ours_too(login_as: LoginAs) -> None:
    typed = {"pattern": "daily", "time": "09:00", "timezone": "UTC"}
    page = login_as(Role.EDITOR).get("/schedules/preview", query_string=typed).text
    assert page.count("12:00") == 5


def test_the_preview_says_what_is_wrong(login_as: LoginAs) -> None:
    typed = {"pattern": "cron", "cron": "nonsense", "timezone": "UTC"}
    answer = login_as(Role.EDITOR).get("/schedules/preview", query_string=typed)
    assert answer.status_code == 200
    assert "is not a cron expression" in answer.text


def test_without_a_script_the_preview_is_a_button_that_saves_nothing(login_as: LoginAs) -> None:
    a_task()
    typed = {
        "task": "a-report",
        "pattern": "monthly",
        "day": "L",
        "time": "06:00",
        "timezone": "UTC",
        "name": "Ends",
    }
    answer = login_as(Role.EDITOR).submit(
        "/schedules", page="/schedules/new?task=a-report", preview="1", **typed
    )
    assert answer.status_code == 200
    assert "At 06:00, on the last day of the month" in answer.text
    assert 'value="Ends"' in answer.text
    with reading() as session:
        assert session.scalars(select(Schedule)).all() == []


def test_a_viewer_has_no_preview(login_as: LoginAs) -> None:
    assert login_as(Role.VIEWER).get("/schedules/preview").status_code == 403
