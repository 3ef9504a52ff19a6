"""Making and changing calendars and their days: nothing is fired, and schedules count anew."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import time_machine
from sqlalchemy import select

from tasks.clock import utcnow
from tasks.db import reading
from tasks.models import (
    Calendar,
    CalendarDay,
    DayKind,
    DayOrigin,
    OnHoliday,
    Role,
    Run,
    Schedule,
)
from tests.support.factories import a_schedule, a_source, a_task
from tests.web.calendars_support import a_calendar, an_own_day
from tests.web.conftest import LoginAs

FILLED: dict[str, Any] = {
    "title": "Bizim takvim",
    "slug": "",
    "country": "TR",
    "weekend": ["5", "6"],
    "works_half_days": "on",
    "source": "",
    "source_calendar": "",
}
SHOW = "/calendars/ours"


@pytest.fixture(autouse=True)
def _one_day() -> Iterator[None]:
    """It is ten in the morning, so that midnight never comes in the middle of a test."""
    with time_machine.travel(utcnow().replace(hour=10), tick=True):
        yield


def the_calendar() -> Calendar:
    with reading() as session:
        return session.scalars(select(Calendar)).one()


def version_in(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def own_days() -> list[tuple[date, DayKind, str]]:
    with reading() as session:
        wanted = select(CalendarDay).where(CalendarDay.origin == DayOrigin.OWN)
        return [(one.day, one.kind, one.name) for one in session.scalars(wanted)]


def due_at(schedule: Schedule) -> datetime | None:
    with reading() as session:
        return session.get_one(Schedule, schedule.id).next_due_at


def a_following_schedule(calendar: Calendar) -> Schedule:
    """A schedule for noon of tomorrow's day of the week that moves to the next working day."""
    at = tomorrow_noon()
    return a_schedule(
        a_task(),
        cron=f"0 12 * * {at.isoweekday() % 7}",
        calendar_id=calendar.id,
        on_holiday=OnHoliday.NEXT,
        next_due_at=at,
        next_scheduled_for=at,
    )


def tomorrow_noon() -> datetime:
    return (utcnow() + timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)


def test_an_editor_makes_a_calendar_with_the_days_of_its_country(login_as: LoginAs) -> None:
    answer = login_as(Role.EDITOR).submit("/calendars", page="/calendars/new", **FILLED)
    assert (answer.status_code, answer.location) == (303, "/calendars/bizim-takvim")
    calendar = the_calendar()
    assert (calendar.title, calendar.country, calendar.weekend) == ("Bizim takvim", "TR", [5, 6])
    with reading() as session:
        names = set(session.scalars(select(CalendarDay.name)))
    assert "Cumhuriyet Bayramı" in names


@pytest.mark.parametrize(
    ("typed", "control", "sentence"),
    [
        ({"title": " "}, "title", "Give the calendar a name"),
        ({"slug": "Not so"}, "slug", "small letters"),
        ({"country": "XX"}, "country", "Choose one of these"),
        ({"source": "nothing"}, "source", "Choose one of these"),
        ({"weekend": [str(day) for day in range(7)]}, "weekend", "at least one working day"),
    ],
)
def test_an_error_stands_beside_its_field_and_nothing_typed_is_lost(
    login_as: LoginAs, typed: dict[str, Any], control: str, sentence: str
) -> None:
    sent = FILLED | {"source_calendar": "TR*"} | typed
    answer = login_as(Role.EDITOR).submit("/calendars", page="/calendars/new", **sent)
    assert answer.status_code == 422
    beside = answer.text.split(f'id="error-{control}"')
    assert len(beside) == 2
    assert sentence in beside[1].split("</p>")[0]
    assert 'value="TR*"' in answer.text
    with reading() as session:
        assert session.scalars(select(Calendar)).all() == []


def test_two_calendars_of_one_address_are_a_conflict(login_as: LoginAs) -> None:
    a_calendar()
    sent = FILLED | {"slug": "ours"}
    answer = login_as(Role.EDITOR).submit("/calendars", page="/calendars/new", **sent)
    assert answer.status_code == 409
    assert "There is a calendar “ours” already" in answer.text


def test_a_change_is_kept_and_the_schedules_count_anew(login_as: LoginAs) -> None:
    calendar = a_calendar()
    schedule = a_following_schedule(calendar)
    noon = tomorrow_noon()
    off = sorted((noon + timedelta(days=days)).weekday() for days in range(3))
    editor = login_as(Role.EDITOR)
    page = f"{SHOW}/edit"
    assert 'value="Ours"' in editor.get(page).text
    sent = FILLED | {"country": "", "weekend": [str(day) for day in off]}
    assert editor.submit(page, **sent).status_code == 303
    assert the_calendar().weekend == off
    assert due_at(schedule) == noon + timedelta(days=3)
    with reading() as session:
        assert session.scalars(select(Run)).all() == []


def test_whoever_saves_a_calendar_later_is_told_and_may_save_again(login_as: LoginAs) -> None:
    a_calendar()
    editor, page = login_as(Role.EDITOR), f"{SHOW}/edit"
    opened = {"version": version_in(editor.get(page).text)}
    assert editor.submit(page, **(FILLED | opened | {"title": "Hers"})).status_code == 303
    answer = editor.submit(page, **(FILLED | opened | {"title": "His", "source_calendar": "TR*"}))
    assert answer.status_code == 409
    assert "was changed by somebody else in the meantime" in answer.text
    assert 'value="His"' in answer.text
    assert 'value="TR*"' in answer.text
    assert the_calendar().title == "Hers"
    again = {"version": version_in(answer.text), "title": "His"}
    assert editor.submit(page, **(FILLED | again)).status_code == 303
    assert the_calendar().title == "His"


def test_a_day_more_does_not_stand_in_the_way_of_who_changes_the_calendar(
    login_as: LoginAs,
) -> None:
    calendar, editor, page = a_calendar(), login_as(Role.EDITOR), f"{SHOW}/edit"
    opened = {"version": version_in(editor.get(page).text)}
    an_own_day(calendar, date(2998, 3, 19))
    assert editor.submit(page, **(FILLED | opened)).status_code == 303


def test_an_own_day_moves_what_is_due_and_its_removal_moves_it_back(login_as: LoginAs) -> None:
    calendar = a_calendar(weekend=[])
    schedule = a_following_schedule(calendar)
    editor = login_as(Role.EDITOR)
    noon = tomorrow_noon()
    sent = {"day": noon.date().isoformat(), "kind": "holiday", "name": "Founders"}
    answer = editor.submit(f"{SHOW}/days", page=SHOW, **sent)
    assert answer.status_code == 303
    assert answer.location == f"{SHOW}?year={noon.year}#days"
    assert own_days() == [(noon.date(), DayKind.HOLIDAY, "Founders")]
    assert due_at(schedule) == noon + timedelta(days=1)
    shown = f"{SHOW}?year={noon.year}"
    editor.submit(f"{SHOW}/days/{noon.date()}", page=shown, _method="DELETE")
    assert own_days() == []
    assert due_at(schedule) == noon


@pytest.mark.parametrize(
    ("typed", "control"),
    [({"day": "tomorrow"}, "day"), ({"day": ""}, "day"), ({"kind": "x"}, "kind")],
)
def test_a_day_that_is_none_is_told_beside_its_field(
    login_as: LoginAs, typed: dict[str, str], control: str
) -> None:
    a_calendar()
    sent = {"day": "2026-05-01", "kind": "holiday", "name": "Spring"} | typed
    answer = login_as(Role.EDITOR).submit(f"{SHOW}/days", page=SHOW, **sent)
    assert answer.status_code == 422
    assert f'id="error-{control}"' in answer.text
    assert 'value="Spring"' in answer.text
    assert own_days() == []


def test_days_off_without_an_end_are_refused_and_nothing_changes(login_as: LoginAs) -> None:
    calendar = a_calendar(weekend=[0, 1, 2, 3, 4, 5])
    schedule = a_following_schedule(calendar)
    today = utcnow().date()
    sundays = [one for days in range(1, 80) if (one := today + timedelta(days=days)).weekday() == 6]
    for sunday in sundays[:-1]:
        an_own_day(calendar, sunday)
    sent = {"day": sundays[-1].isoformat(), "kind": "holiday", "name": ""}
    answer = login_as(Role.EDITOR).submit(f"{SHOW}/days", page=SHOW, **sent)
    assert answer.status_code == 422
    assert "has no working day within 60 days" in answer.text
    assert len(own_days()) == len(sundays) - 1
    assert due_at(schedule) == schedule.next_due_at


def test_an_import_without_a_source_says_what_is_missing(login_as: LoginAs) -> None:
    a_calendar()
    answer = login_as(Role.EDITOR).submit(f"{SHOW}/imports", page=SHOW)
    assert answer.status_code == 422
    assert "Choose the source" in answer.text


def test_an_import_brings_the_days_of_the_source_and_moves_what_is_due(
    login_as: LoginAs, home: Path
) -> None:
    noon = tomorrow_noon()
    with duckdb.connect(home / "demo.duckdb") as connection:
        connection.execute('CREATE SCHEMA "SBODEMOTR"; USE "SBODEMOTR"')
        connection.execute("""CREATE TABLE OHLD AS SELECT 'TR' AS "HldCode" """)
        connection.execute(
            """CREATE TABLE HLD1 AS SELECT 'TR' AS "HldCode", ?::DATE AS "StrDate",
            ?::DATE AS "EndDate", 'Bayram' AS "Rmrks" """,
            [noon.date(), noon.date() + timedelta(days=1)],
        )
    a_source()
    schedule = a_following_schedule(a_calendar(weekend=[], source="demo"))
    editor = login_as(Role.EDITOR)
    assert editor.submit(f"{SHOW}/imports", page=SHOW).status_code == 303
    page = editor.get(SHOW, query_string={"year": noon.year}).text
    assert "2 days came from the source." in page
    assert "Bayram · Day off · Source" in " ".join(page.split())
    assert due_at(schedule) == noon + timedelta(days=2)


def test_a_source_that_cannot_be_read_leaves_the_days_as_they_were(login_as: LoginAs) -> None:
    a_source("missing.duckdb")
    an_own_day(a_calendar(source="demo"), date(2026, 5, 1))
    answer = login_as(Role.EDITOR).submit(f"{SHOW}/imports", page=SHOW)
    assert answer.status_code == 502
    assert "The file of the source missing cannot be opened" in answer.text
    assert len(own_days()) == 1


def test_a_calendar_that_nobody_follows_can_be_deleted(login_as: LoginAs) -> None:
    a_calendar()
    editor = login_as(Role.EDITOR)
    answer = editor.submit(SHOW, page=f"{SHOW}/edit", _method="DELETE")
    assert (answer.status_code, answer.location) == (303, "/calendars")
    assert editor.get(SHOW).status_code == 404


def test_a_calendar_that_a_schedule_follows_stays(login_as: LoginAs) -> None:
    a_following_schedule(a_calendar())
    editor = login_as(Role.EDITOR)
    answer = editor.submit(SHOW, page=f"{SHOW}/edit", _method="DELETE")
    assert answer.status_code == 409
    assert the_calendar().title == "Ours"


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/calendars", FILLED),
        (SHOW, {"_method": "DELETE"}),
        (f"{SHOW}/edit", FILLED),
        (f"{SHOW}/days", {"day": "2026-05-01", "kind": "holiday"}),
        (f"{SHOW}/days/2026-05-01", {"_method": "DELETE"}),
        (f"{SHOW}/imports", {}),
    ],
)
def test_an_operator_may_change_nothing(login_as: LoginAs, path: str, sent: dict[str, Any]) -> None:
    an_own_day(a_calendar(), date(2026, 5, 1), name="Spring")
    assert login_as(Role.OPERATOR).submit(path, page="/calendars", **sent).status_code == 403
    assert own_days() == [(date(2026, 5, 1), DayKind.HOLIDAY, "Spring")]
    assert the_calendar().title == "Ours"


@pytest.mark.parametrize("path", ["edit", "days", "days/2026-05-01", "imports"])
def test_an_unknown_calendar_is_not_found(login_as: LoginAs, path: str) -> None:
    answer = login_as(Role.EDITOR).submit(
        f"/calendars/nothing/{path}", page="/calendars/new", day="2026-05-01", kind="holiday"
    )
    assert answer.status_code == 404


def test_a_day_that_is_none_is_no_page(login_as: LoginAs) -> None:
    a_calendar()
    answer = login_as(Role.EDITOR).submit(f"{SHOW}/days/never", page=SHOW, _method="DELETE")
    assert answer.status_code == 422
