"""The first page: what ran, what runs, what comes, and what needs somebody."""

from datetime import timedelta

import pytest
import time_machine

from tasks.clock import utcnow
from tasks.models import Role, RunState
from tasks.queries.remembered import forget
from tests.support.factories import a_run, a_schedule, a_task
from tests.web.conftest import Browser, LoginAs
from tests.web.runs_support import PARTIAL, an_event


@pytest.fixture
def viewer(login_as: LoginAs) -> Browser:
    forget()
    return login_as(Role.VIEWER)


def test_an_empty_day_says_what_to_do(viewer: Browser) -> None:
    page = viewer.get("/").text
    assert "Nothing runs at the moment." in page
    assert "No schedule is on." in page


def test_a_task_fails_until_a_run_of_it_succeeds(viewer: Browser) -> None:
    task = a_task("stock", title="Stock below minimum")
    a_run(task, state=RunState.FAILED, error="There is no OITW.")
    assert "There is no OITW." in viewer.get("/").text
    a_run(task, state=RunState.CANCELLED)
    forget()
    assert "There is no OITW." in viewer.get("/").text
    a_run(task, state=RunState.SUCCEEDED)
    forget()
    assert "There is no OITW." not in viewer.get("/").text


def test_a_run_that_waits_long_after_its_instant_is_late(viewer: Browser) -> None:
    now = utcnow()
    late = a_run(due_at=now - timedelta(minutes=5))
    assert f'href="/runs/{late.id}"' in viewer.get("/").text


def test_a_run_that_waits_for_its_next_attempt_is_not_late(viewer: Browser) -> None:
    now = utcnow()
    waiting = a_run(
        due_at=now - timedelta(minutes=5), next_attempt_at=now + timedelta(minutes=5), attempt=1
    )
    assert f'href="/runs/{waiting.id}"' not in viewer.get("/").text


def test_what_runs_and_what_comes_are_shown(viewer: Browser) -> None:
    task = a_task("sales", title="Sales by person")
    running = a_run(task, state=RunState.RUNNING)
    a_schedule(task, name="Each morning", next_due_at=utcnow() + timedelta(hours=1))
    a_schedule(task, name="Switched off", enabled=False)
    page = viewer.get("/").text
    assert f'href="/runs/{running.id}"' in page
    assert "Each morning" in page
    assert "Switched off" not in page


def test_parts_that_do_not_work_are_told_first(viewer: Browser) -> None:
    page = viewer.get("/").text  # there is neither worker nor scheduler in this test
    assert page.index("No worker is there") < page.index("Ran today")


def test_the_poll_is_silent_until_something_happens(viewer: Browser) -> None:
    run = a_run()
    seen = an_event(run)
    with time_machine.travel(utcnow() + timedelta(minutes=1)):
        assert viewer.get(f"/?since={seen}", headers=PARTIAL).status_code == 204
    an_event(run, RunState.RUNNING)
    answer = viewer.get(f"/?since={seen}", headers=PARTIAL)
    assert answer.status_code == 200
    assert "<html" not in answer.text


def test_a_guest_is_asked_to_log_in(client: Browser) -> None:
    assert client.get("/").status_code == 302
