"""Changing a schedule: who may, who was slower, and that what was due is written down."""

import re
from datetime import timedelta

from sqlalchemy import select

from tasks.clock import utcnow
from tasks.db import reading
from tasks.models import Role, Run, RunState
from tests.support.factories import a_schedule, a_task
from tests.web.conftest import LoginAs
from tests.web.schedules_support import FILLED, NEW, the_schedule


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
        rows = session.scalars(select(Run)).all()
    # What was due already is written down, not run.
    assert {(run.state, run.reason_code) for run in rows} == {(RunState.SKIPPED, "edited")}


def test_who_was_slower_is_told_and_can_save_what_is_still_typed(login_as: LoginAs) -> None:
    schedule = a_schedule(a_task())
    path = f"/schedules/{schedule.id}/edit"
    editor = login_as(Role.EDITOR)
    first = {"version": str(schedule.version)}
    editor.submit(path, **FILLED | first)
    answer = editor.submit(path, **FILLED | first | {"name": "Evenings"})
    assert answer.status_code == 409
    assert "changed by somebody else" in answer.text
    assert 'value="Evenings"' in answer.text
    assert the_schedule().name == "Mornings"
    shown = re.search(r'name="version" value="(\d+)"', answer.text)
    assert shown is not None
    again = {"version": shown[1], "name": "Evenings"}
    assert editor.submit(path, **FILLED | again).status_code == 303
    assert the_schedule().name == "Evenings"


def test_a_schedule_from_code_is_changed_there(login_as: LoginAs) -> None:
    schedule = a_schedule(a_task(), origin="code", code_key="mornings")
    path = f"/schedules/{schedule.id}/edit"
    editor = login_as(Role.EDITOR)
    assert editor.get(path).status_code == 409
    answer = editor.submit(path, page="/schedules", **FILLED)
    assert answer.status_code == 409
    assert "declared in the code as “mornings”" in answer.text
    assert the_schedule().name == "Every minute"


def test_a_refused_change_changes_nothing(login_as: LoginAs) -> None:
    schedule = a_schedule(a_task())
    path = f"/schedules/{schedule.id}/edit"
    answer = login_as(Role.EDITOR).submit(path, **FILLED | {"timezone": "Mars/Olympus"})
    assert answer.status_code == 422
    assert (the_schedule().name, the_schedule().timezone) == ("Every minute", "UTC")


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
