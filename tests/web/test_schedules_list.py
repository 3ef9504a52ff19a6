"""The list of schedules, and the switch of each."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from tasks.clock import utcnow
from tasks.db import reading
from tasks.models import Role, Run, RunState, Schedule
from tests.support.factories import a_schedule, a_task
from tests.web.conftest import LoginAs


def the_schedule() -> Schedule:
    with reading() as session:
        return session.scalars(select(Schedule)).one()


def test_without_schedules_the_list_says_what_one_does(login_as: LoginAs) -> None:
    page = login_as(Role.EDITOR).get("/schedules").text
    assert "No schedules" in page
    assert 'href="/schedules/new"' in page


def test_a_schedule_is_told_in_words_with_its_zone_and_next_instant(login_as: LoginAs) -> None:
    due = datetime(2026, 3, 2, 6, tzinfo=UTC)
    a_schedule(a_task(), name="Weekdays", cron="0 9 * * 1-5", timezone="Europe/Istanbul",
               next_due_at=due)  # fmt: skip
    page = login_as(Role.VIEWER).get("/schedules").text
    for words in ("A Report", "Weekdays", "At 09:00, Monday through Friday", "Europe/Istanbul"):
        assert words in page
    assert 'datetime="2026-03-02T06:00:00+00:00"' in page


def test_in_turkish_the_words_are_turkish(login_as: LoginAs) -> None:
    a_schedule(a_task(), cron="0 9 * * 1")
    viewer = login_as(Role.VIEWER)
    viewer.set_cookie("language", "tr")
    assert "Saat 09:00, sadece Pazartesi günü" in viewer.get("/schedules").text


def test_what_is_due_first_stands_first_and_what_is_off_last(login_as: LoginAs) -> None:
    task, now = a_task(), utcnow()
    a_schedule(task, name="Off", enabled=False)
    a_schedule(task, name="Late", next_due_at=now + timedelta(days=2))
    a_schedule(task, name="Soon", next_due_at=now + timedelta(days=1))
    page = login_as(Role.VIEWER).get("/schedules").text
    places = [page.index(f">{name}<") for name in ("Soon", "Late", "Off")]
    assert places == sorted(places)


def test_the_list_goes_on_after_fifty_schedules(login_as: LoginAs) -> None:
    task, now = a_task(), utcnow()
    for number in range(52):
        a_schedule(task, name=f"No {number:02}", next_due_at=now + timedelta(hours=number))
    viewer = login_as(Role.VIEWER)
    first = viewer.get("/schedules").text
    assert ">No 49<" in first
    assert ">No 50<" not in first
    more = first.split('<nav class="pager"')[1].split('href="')[1].split('"')[0]
    second = viewer.get(more.replace("&amp;", "&")).text
    assert ">No 50<" in second
    assert ">No 49<" not in second


def test_the_list_of_one_task_leaves_the_others_out(login_as: LoginAs) -> None:
    a_schedule(a_task(), name="Mine")
    a_schedule(a_task("other"), name="Theirs")
    page = login_as(Role.VIEWER).get("/schedules?task=a-report").text
    assert "Mine" in page
    assert "Theirs" not in page


def test_an_editor_switches_a_schedule_off_and_on(login_as: LoginAs) -> None:
    schedule = a_schedule(a_task(), next_due_at=utcnow() - timedelta(days=1))
    editor = login_as(Role.EDITOR)
    path = f"/schedules/{schedule.id}/pause"
    assert editor.submit(path, page="/schedules").status_code == 303
    assert (the_schedule().enabled, the_schedule().next_due_at) == (False, None)
    editor.submit(path, page="/schedules", _method="DELETE")
    assert the_schedule().enabled
    due = the_schedule().next_due_at
    assert due is not None
    assert due > utcnow() - timedelta(seconds=1)
    with reading() as session:
        [passed] = session.scalars(select(Run))  # what was due already is written down, not run
    assert (passed.state, passed.reason_code) == (RunState.SKIPPED, "edited")


def test_with_htmx_the_switch_sends_its_row_back(login_as: LoginAs) -> None:
    schedule = a_schedule(a_task())
    editor = login_as(Role.EDITOR)
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    answer = editor.submit(f"/schedules/{schedule.id}/pause", page="/schedules", headers=headers)
    assert answer.text.lstrip().startswith(f'<tr id="schedule-{schedule.id}"')
    assert "schedule-row--off" in answer.text


def test_a_delete_of_the_pause_switches_on(login_as: LoginAs) -> None:
    schedule = a_schedule(a_task(), enabled=False)
    editor = login_as(Role.EDITOR)
    headers = {"X-CSRFToken": editor.token("/schedules")}
    assert editor.delete(f"/schedules/{schedule.id}/pause", headers=headers).status_code == 303
    assert the_schedule().enabled


def test_an_operator_may_not_switch_a_schedule(login_as: LoginAs) -> None:
    schedule = a_schedule(a_task())
    answer = login_as(Role.OPERATOR).submit(f"/schedules/{schedule.id}/pause", page="/schedules")
    assert answer.status_code == 403
    assert the_schedule().enabled


def test_an_unknown_schedule_cannot_be_switched(login_as: LoginAs) -> None:
    assert login_as(Role.EDITOR).submit("/schedules/77/pause", page="/schedules").status_code == 404
