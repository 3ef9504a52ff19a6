"""The days of a calendar, its own and those that a source brings: what is due moves with them."""

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from tasks.clock import utcnow
from tasks.models import (
    DayKind,
    Role,
)
from tests.support.factories import a_source
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


def test_a_day_that_is_none_is_no_page(login_as: LoginAs) -> None:
    a_calendar()
    answer = login_as(Role.EDITOR).submit(f"{SHOW}/days/never", page=SHOW, _method="DELETE")
    assert answer.status_code == 422
