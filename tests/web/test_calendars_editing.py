"""Making and changing calendars: nothing is fired, and schedules count anew."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tasks.db import reading
from tasks.models import (
    Calendar,
    CalendarDay,
    DayKind,
    Role,
    Run,
)
from tests.web.calendars_support import (
    SHOW,
    a_calendar,
    a_following_schedule,
    an_own_day,
    due_at,
    own_days,
    tomorrow_noon,
)
from tests.web.calendars_support import one_day as one_day  # a fixture of each test
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


def the_calendar() -> Calendar:
    with reading() as session:
        return session.scalars(select(Calendar)).one()


def version_in(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


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
