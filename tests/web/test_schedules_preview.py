"""The preview: the coming five instants in words, before anything is saved."""

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from tasks.db import reading
from tasks.models import Role, Schedule
from tests.support.factories import a_task
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
