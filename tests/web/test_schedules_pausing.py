"""Pausing a schedule, and switching it off and on."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tasks.clock import utcnow
from tasks.db import reading
from tasks.models import FOREVER, Role, Run, RunState, Schedule
from tests.support.factories import a_schedule, a_task
from tests.web.conftest import LoginAs


def the_schedule() -> Schedule:
    with reading() as session:
        return session.scalars(select(Schedule)).one()


def the_path(**values: object) -> str:
    due = utcnow() + timedelta(days=1)
    schedule = a_schedule(a_task(), **{"next_due_at": due, "next_scheduled_for": due} | values)
    return f"/schedules/{schedule.id}"


def test_a_pause_without_an_end_waits_for_somebody(login_as: LoginAs) -> None:
    path = the_path()
    editor = login_as(Role.EDITOR)
    answer = editor.submit(f"{path}/pause", page=path)
    assert (answer.status_code, answer.location) == (303, path)
    assert the_schedule().paused_until == FOREVER
    assert the_schedule().enabled
    page = editor.get(path).text
    assert "until somebody resumes it" in page
    assert "Resume" in page


def test_a_pause_until_is_meant_in_the_zone_of_the_installation(login_as: LoginAs) -> None:
    path = the_path()
    editor = login_as(Role.EDITOR)
    editor.submit(f"{path}/pause", page=path, until="2999-03-16T09:00")
    until = the_schedule().paused_until
    assert until is not None
    assert until.isoformat() == "2999-03-16T06:00:00+00:00"
    assert "16 Mar 2999 09:00" in editor.get(path).text


@pytest.mark.parametrize(
    ("until", "sentence"),
    [("2001-01-01T00:00", "still to come"), ("soon", "not a day with a time")],
)
def test_a_pause_needs_an_end_that_is_to_come(login_as: LoginAs, until: str, sentence: str) -> None:
    path = the_path()
    answer = login_as(Role.EDITOR).submit(f"{path}/pause", page=path, until=until)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert the_schedule().paused_until is None


def test_a_resumed_schedule_goes_on(login_as: LoginAs) -> None:
    path = the_path(paused_until=FOREVER)
    editor = login_as(Role.EDITOR)
    assert editor.submit(f"{path}/pause", page=path, _method="DELETE").status_code == 303
    until = the_schedule().paused_until
    assert until is None or until <= utcnow()
    assert "goes on; it counts from now" in editor.get(path).text


def test_a_schedule_from_code_can_be_paused(login_as: LoginAs) -> None:
    path = the_path(origin="code", code_key="mornings")
    editor = login_as(Role.EDITOR)
    assert "declared in the code as “mornings”" in editor.get(path).text
    assert editor.submit(f"{path}/pause", page=path).status_code == 303
    assert the_schedule().paused_until == FOREVER


def test_an_editor_switches_a_schedule_off_and_on(login_as: LoginAs) -> None:
    past = utcnow() - timedelta(days=1)
    path = the_path(next_due_at=past, next_scheduled_for=past)
    editor = login_as(Role.EDITOR)
    assert editor.submit(f"{path}/activation", page=path, _method="DELETE").status_code == 303
    assert (the_schedule().enabled, the_schedule().next_due_at) == (False, None)
    asked_at = utcnow()
    editor.submit(f"{path}/activation", page=path)
    assert the_schedule().enabled
    due = the_schedule().next_due_at
    assert due is not None
    assert due > asked_at
    with reading() as session:
        rows = session.scalars(select(Run)).all()
    # What was due already is written down, not run.
    assert {(run.state, run.reason_code) for run in rows} == {(RunState.SKIPPED, "edited")}


def test_a_schedule_from_code_is_switched_there(login_as: LoginAs) -> None:
    path = the_path(origin="code", code_key="mornings")
    editor = login_as(Role.EDITOR)
    assert f"{path}/activation" not in editor.get(path).text
    answer = editor.submit(f"{path}/activation", page=path, _method="DELETE")
    assert answer.status_code == 409
    assert the_schedule().enabled


def test_from_the_list_it_leads_back_to_the_list(login_as: LoginAs) -> None:
    path = the_path()
    answer = login_as(Role.EDITOR).submit(f"{path}/pause", page="/schedules", back="list")
    assert answer.location == f"/schedules#schedule-{path.rpartition('/')[2]}"


def test_with_htmx_a_pause_sends_its_row_back(login_as: LoginAs) -> None:
    path = the_path()
    editor = login_as(Role.EDITOR)
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    answer = editor.submit(f"{path}/pause", page="/schedules", headers=headers)
    assert answer.text.lstrip().startswith('<tr id="schedule-')
    assert "Resume" in answer.text


@pytest.mark.parametrize("resource", ["pause", "activation"])
def test_a_delete_works_as_well_as_a_form(login_as: LoginAs, resource: str) -> None:
    path = the_path(paused_until=FOREVER)
    editor = login_as(Role.EDITOR)
    headers = {"X-CSRFToken": editor.token("/schedules")}
    assert editor.delete(f"{path}/{resource}", headers=headers).status_code == 303
    assert the_schedule().enabled is (resource == "pause")


@pytest.mark.parametrize("resource", ["pause", "activation"])
def test_an_operator_may_neither_pause_nor_switch(login_as: LoginAs, resource: str) -> None:
    path = the_path()
    answer = login_as(Role.OPERATOR).submit(f"{path}/{resource}", page="/schedules")
    assert answer.status_code == 403
    assert the_schedule().paused_until is None


@pytest.mark.parametrize("resource", ["pause", "activation"])
def test_an_unknown_schedule_is_not_found(login_as: LoginAs, resource: str) -> None:
    answer = login_as(Role.EDITOR).submit(f"/schedules/77/{resource}", page="/schedules")
    assert answer.status_code == 404
