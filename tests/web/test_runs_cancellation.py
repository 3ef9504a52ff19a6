"""Cancelling a run."""

from tasks.db import reading
from tasks.models import Role, Run, RunState
from tests.support.factories import a_run
from tests.web.conftest import LoginAs


def state_of(run: Run) -> RunState:
    with reading() as session:
        return session.get_one(Run, run.id).state


def test_a_waiting_run_is_cancelled_at_once(login_as: LoginAs) -> None:
    run = a_run()
    operator = login_as(Role.OPERATOR)
    answer = operator.submit(f"/runs/{run.id}/cancellation", page=f"/runs/{run.id}")
    assert (answer.status_code, answer.location) == (303, f"/runs/{run.id}")
    assert state_of(run) is RunState.CANCELLED
    assert "Cancelled by operator." in operator.get(f"/runs/{run.id}").text


def test_a_running_run_is_asked_to_stop(login_as: LoginAs) -> None:
    run = a_run(state=RunState.RUNNING)
    operator = login_as(Role.OPERATOR)
    operator.submit(f"/runs/{run.id}/cancellation", page=f"/runs/{run.id}")
    assert state_of(run) is RunState.RUNNING
    assert "asked to stop" in operator.get(f"/runs/{run.id}").text


def test_a_run_that_has_ended_cannot_be_cancelled(login_as: LoginAs) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    answer = login_as(Role.OPERATOR).submit(f"/runs/{run.id}/cancellation", page=f"/runs/{run.id}")
    assert answer.status_code == 409
    assert "has ended already" in answer.text


def test_a_viewer_may_not_cancel(login_as: LoginAs) -> None:
    run = a_run()
    answer = login_as(Role.VIEWER).submit(f"/runs/{run.id}/cancellation", page="/runs")
    assert answer.status_code == 403
    assert state_of(run) is RunState.QUEUED


def test_an_unknown_run_is_not_found(login_as: LoginAs) -> None:
    answer = login_as(Role.OPERATOR).submit("/runs/99/cancellation", page="/runs")
    assert answer.status_code == 404
