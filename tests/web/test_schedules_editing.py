"""Making and changing a schedule: the builder, what is refused, and that nothing is fired."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tasks.clock import utcnow
from tasks.db import reading
from tasks.models import Role, Run, RunState, Schedule, ScheduleKind
from tests.support.factories import a_schedule, a_task
from tests.web.conftest import LoginAs

NEW = "/schedules/new?task=a-report"

FILLED: dict[str, Any] = {
    "task": "a-report",
    "name": "Mornings",
    "pattern": "weekdays",
    "time": "09:00",
    "timezone": "Europe/Istanbul",
    "priority": "",
    "enabled": "on",
}


def the_schedule() -> Schedule:
    with reading() as session:
        return session.scalars(select(Schedule)).one()


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


def test_a_change_is_kept_and_counts_from_now(login_as: LoginAs) -> None:
    long_ago = utcnow() - timedelta(days=3)
    schedule = a_schedule(a_task(), next_due_at=long_ago)
    editor = login_as(Role.EDITOR)
    path = f"/schedules/{schedule.id}/edit"
    assert 'value="* * * * *"' in editor.get(path).text
    answer = editor.submit(path, **FILLED | {"priority": "9"})
    assert answer.status_code == 303
    changed = the_schedule()
    assert (changed.name, changed.cron, changed.priority) == ("Mornings", "0 9 * * 1-5", 9)
    assert changed.next_due_at is not None
    assert changed.next_due_at > utcnow()
    with reading() as session:
        [passed] = session.scalars(select(Run))  # what was due already is written down, not run
    assert (passed.state, passed.reason_code) == (RunState.SKIPPED, "edited")


def test_a_refused_change_changes_nothing(login_as: LoginAs) -> None:
    schedule = a_schedule(a_task())
    path = f"/schedules/{schedule.id}/edit"
    answer = login_as(Role.EDITOR).submit(path, **FILLED | {"timezone": "Mars/Olympus"})
    assert answer.status_code == 422
    assert (the_schedule().name, the_schedule().timezone) == ("Every minute", "UTC")


def test_a_schedule_that_is_saved_off_is_not_due(login_as: LoginAs) -> None:
    a_task()
    sent = {name: value for name, value in FILLED.items() if name != "enabled"}
    login_as(Role.EDITOR).submit("/schedules", page=NEW, **sent)
    assert (the_schedule().enabled, the_schedule().next_due_at) == (False, None)


def test_without_a_task_the_page_asks_which_one(login_as: LoginAs) -> None:
    a_task()
    page = login_as(Role.EDITOR).get("/schedules/new").text
    assert 'href="/schedules/new?task=a-report"' in page


def test_an_operator_may_not_make_or_change_schedules(login_as: LoginAs) -> None:
    schedule = a_schedule(a_task())
    operator = login_as(Role.OPERATOR)
    assert operator.get(NEW).status_code == 403
    assert operator.submit("/schedules", page="/schedules", **FILLED).status_code == 403
    path = f"/schedules/{schedule.id}/edit"
    assert operator.get(path).status_code == 403
    assert operator.submit(path, page="/schedules", **FILLED).status_code == 403
    assert the_schedule().name == "Every minute"


def test_an_unknown_task_or_schedule_is_not_found(login_as: LoginAs) -> None:
    editor = login_as(Role.EDITOR)
    assert editor.get("/schedules/new?task=nothing").status_code == 404
    assert editor.get("/schedules/77/edit").status_code == 404
    sent = FILLED | {"task": "nothing"}
    assert editor.submit("/schedules", page="/schedules", **sent).status_code == 404
