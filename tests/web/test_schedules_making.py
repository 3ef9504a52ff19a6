"""Making a schedule: the builder, what is refused, and that nothing is fired."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from tasks.clock import utcnow
from tasks.db import reading
from tasks.models import CatchUp, OnHoliday, Role, Run, Schedule, ScheduleKind
from tests.support.factories import a_task
from tests.web.calendars_support import a_calendar
from tests.web.conftest import LoginAs
from tests.web.schedules_support import FILLED, NEW, the_schedule


def anything_kept() -> bool:
    with reading() as session:
        return session.scalars(select(Schedule)).first() is not None


def test_an_editor_makes_a_schedule_and_nothing_is_fired(login_as: LoginAs) -> None:
    a_task()
    answer = login_as(Role.EDITOR).submit("/schedules", page=NEW, **FILLED)
    assert answer.status_code == 303
    schedule = the_schedule()
    assert answer.location == f"/schedules/{schedule.id}"
    assert (schedule.kind, schedule.cron) == (ScheduleKind.CRON, "0 9 * * 1-5")
    assert (schedule.timezone, schedule.priority) == ("Europe/Istanbul", None)
    assert schedule.next_due_at is not None
    assert schedule.next_due_at > utcnow()
    with reading() as session:
        assert session.scalars(select(Run)).all() == []


@pytest.mark.parametrize(
    ("typed", "cron"),
    [
        ({"pattern": "daily", "time": "7.05"}, "5 7 * * *"),
        ({"pattern": "weekly", "time": "18:30", "days": ["1", "0"]}, "30 18 * * 1,0"),
        ({"pattern": "monthly", "time": "06:00", "day": "15"}, "0 6 15 * *"),
        ({"pattern": "monthly", "time": "06:00", "day": "L"}, "0 6 L * *"),
        ({"pattern": "cron", "cron": " */5  8-18 * * 1-5 "}, "*/5 8-18 * * 1-5"),
        ({"pattern": "cron", "cron": "@daily"}, "@daily"),
    ],
)
def test_the_builder_makes_a_cron_expression(
    login_as: LoginAs, typed: dict[str, Any], cron: str
) -> None:
    a_task()
    editor = login_as(Role.EDITOR)
    editor.submit("/schedules", page=NEW, **FILLED | typed)
    assert the_schedule().cron == cron
    page = editor.get(f"/schedules/{the_schedule().id}/edit").text
    pattern = "cron" if cron == "@daily" else typed["pattern"]
    assert f'value="{pattern}" checked' in " ".join(page.split())


def test_an_interval_is_kept_in_seconds(login_as: LoginAs) -> None:
    a_task()
    typed = {
        "pattern": "interval",
        "interval_seconds": "90",
        "interval_seconds-unit": "minutes",
        "name": "",
    }
    login_as(Role.EDITOR).submit("/schedules", page=NEW, **FILLED | typed)
    schedule = the_schedule()
    assert (schedule.kind, schedule.interval_seconds) == (ScheduleKind.INTERVAL, 5_400)
    assert (schedule.cron, schedule.name) == (None, "Every 90 minutes")


def test_a_working_day_of_the_month_follows_a_calendar(login_as: LoginAs) -> None:
    a_task()
    calendar = a_calendar()
    editor = login_as(Role.EDITOR)
    typed = {"pattern": "working_day", "working_day": "-2", "time": "9.30"}
    editor.submit("/schedules", page=NEW, **FILLED | typed | {"calendar_id": str(calendar.id)})
    schedule = the_schedule()
    assert (schedule.kind, schedule.working_day) == (ScheduleKind.WORKING_DAY, -2)
    assert (schedule.time_of_day, schedule.calendar_id) == ("09:30", calendar.id)
    page = " ".join(editor.get(f"/schedules/{schedule.id}/edit").text.split())
    assert '<option value="-2" selected>' in page
    assert f'<option value="{calendar.id}" selected>' in page


def test_once_is_meant_in_the_zone_of_the_schedule(login_as: LoginAs) -> None:
    a_task()
    editor = login_as(Role.EDITOR)
    typed = {"pattern": "once", "once_at": "2999-07-01T09:00", "timezone": "Europe/Berlin"}
    editor.submit("/schedules", page=NEW, **FILLED | typed)
    schedule = the_schedule()
    assert (schedule.kind, schedule.once_at) == (
        ScheduleKind.ONCE, datetime(2999, 7, 1, 7, tzinfo=UTC),
    )  # fmt: skip
    assert 'value="2999-07-01T09:00"' in editor.get(f"/schedules/{schedule.id}/edit").text


@pytest.mark.parametrize(
    ("typed", "latitude", "longitude"),
    [
        ({"place": "ankara", "latitude": "", "longitude": ""}, 39.93, 32.86),
        ({"place": "", "latitude": "-33,86", "longitude": "151.2"}, -33.86, 151.2),
    ],
)
def test_the_sun_is_that_of_a_city_or_of_any_place(
    login_as: LoginAs, typed: dict[str, str], latitude: float, longitude: float
) -> None:
    a_task()
    editor = login_as(Role.EDITOR)
    sun = {"pattern": "solar", "solar_event": "dusk_civil"} | typed
    editor.submit("/schedules", page=NEW, **FILLED | sun)
    schedule = the_schedule()
    assert (schedule.kind, schedule.solar_event) == (ScheduleKind.SOLAR, "dusk_civil")
    assert (schedule.latitude, schedule.longitude) == (latitude, longitude)
    page = " ".join(editor.get(f"/schedules/{schedule.id}/edit").text.split())
    assert f'<option value="{typed["place"]}" selected>' in page


def test_the_rarely_used_part_is_kept_and_shown_open(login_as: LoginAs) -> None:
    a_task()
    calendar = a_calendar()
    editor = login_as(Role.EDITOR)
    assert 'id="schedule-rarely" open' not in " ".join(editor.get(NEW).text.split())
    typed = {
        "calendar_id": str(calendar.id),
        "on_holiday": "next",
        "starts_at": "2998-01-01T00:00",
        "ends_at": "2999-01-01T00:00:30",
        "catch_up": "all",
        "catch_up_window_seconds": "2",
        "catch_up_window_seconds-unit": "hours",
    }
    editor.submit("/schedules", page=NEW, **FILLED | typed)
    schedule = the_schedule()
    assert (schedule.on_holiday, schedule.catch_up) == (OnHoliday.NEXT, CatchUp.ALL)
    assert schedule.catch_up_window_seconds == 7_200
    assert schedule.starts_at == datetime(2997, 12, 31, 21, tzinfo=UTC)
    assert schedule.ends_at == datetime(2998, 12, 31, 21, 0, 30, tzinfo=UTC)
    page = " ".join(editor.get(f"/schedules/{schedule.id}/edit").text.split())
    assert 'id="schedule-rarely" open' in page
    for value in ("2998-01-01T00:00", "2999-01-01T00:00:30"):
        assert f'value="{value}"' in page


@pytest.mark.parametrize(
    ("typed", "control", "sentence"),
    [
        ({"pattern": "daily", "time": "25:00"}, "time", "is not a time such as 09:00"),
        ({"pattern": "weekly"}, "days", "Choose at least one day"),
        (
            {"pattern": "cron", "cron": "0 0 31 2 *"},
            "cron",
            "the day of the month, the third field",
        ),
        ({"pattern": "cron", "cron": "* * * *"}, "cron", "is not a cron expression"),
        ({"pattern": "interval", "interval_seconds": "0"}, "interval_seconds", "whole length"),
        ({"pattern": "sometimes"}, "pattern", "Choose one of these"),
        ({"pattern": "once", "once_at": "2001-01-01T00:00"}, "once_at", "This time is over"),
        ({"pattern": "once", "once_at": "tomorrow"}, "once_at", "not a day with a time"),
        ({"pattern": "once", "once_at": ""}, "once_at", "Give the day and the time"),
        ({"pattern": "working_day", "working_day": "x"}, "working_day", "Choose a working day"),
        ({"pattern": "solar", "latitude": "north", "place": ""}, "latitude", "number of degrees"),
        (
            {"pattern": "solar", "latitude": "91", "longitude": "1", "place": ""},
            "latitude",
            "from -90 to 90",
        ),
        ({"pattern": "solar", "solar_event": "noon"}, "solar_event", "is no event of the sun"),
        ({"on_holiday": "skip"}, "calendar_id", "Choose the calendar"),
        ({"calendar_id": "77"}, "calendar_id", "Choose one of the calendars"),
        ({"starts_at": "0001-01-01T00:00"}, "starts_at", "not a day with a time"),
        ({"starts_at": "2999-01-02", "ends_at": "2999-01-01"}, "ends_at", "before the start"),
        ({"timezone": "Mars/Olympus"}, "timezone", "is not a time zone"),
        ({"priority": "12"}, "priority", "a number from 0 to 9"),
        ({"parameters-day": "x"}, "parameters-day", "is not a date"),
    ],
)
def test_an_error_stands_beside_its_field_and_nothing_typed_is_lost(
    login_as: LoginAs, typed: dict[str, str], control: str, sentence: str
) -> None:
    a_task(parameters=[{"name": "day", "type": "date", "default": "today"}])
    answer = login_as(Role.EDITOR).submit("/schedules", page=NEW, **FILLED | typed)
    assert answer.status_code == 422
    beside = answer.text.split(f'id="error-{control}"')
    assert len(beside) == 2
    assert sentence in beside[1].split("</p>")[0]
    assert 'value="Mornings"' in answer.text
    assert not anything_kept()


def test_empty_parameters_follow_the_defaults_of_the_task(login_as: LoginAs) -> None:
    a_task(
        parameters=[
            {"name": "day", "type": "date", "default": "today"},
            {"name": "kind", "type": "choice", "choices": ["a", "b"], "default": "a"},
        ]
    )
    editor = login_as(Role.EDITOR)
    assert "Empty: the task&#39;s default, today." in editor.get(NEW).text
    editor.submit("/schedules", page=NEW, **FILLED | {"parameters-kind": "b"})
    assert the_schedule().parameters == {"kind": "b"}


def test_a_schedule_that_is_saved_off_is_not_due(login_as: LoginAs) -> None:
    a_task()
    sent = {name: value for name, value in FILLED.items() if name != "enabled"}
    login_as(Role.EDITOR).submit("/schedules", page=NEW, **sent)
    assert (the_schedule().enabled, the_schedule().next_due_at) == (False, None)


def test_without_a_task_the_page_asks_which_one(login_as: LoginAs) -> None:
    a_task()
    page = login_as(Role.EDITOR).get("/schedules/new").text
    assert 'href="/schedules/new?task=a-report"' in page
