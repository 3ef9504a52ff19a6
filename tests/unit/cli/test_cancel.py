"""`orchestrator cancel`: a run that waits, one at work, one that has ended."""

import json

import pytest

from tasks.db import reading
from tasks.models import Run, RunState
from tests.support.factories import a_run
from tests.unit.cli.conftest import Call


def state_of(run: Run) -> RunState:
    with reading() as session:
        return session.get_one(Run, run.id).state


def test_a_waiting_run_is_cancelled_at_once(orchestrator: Call) -> None:
    run = a_run()
    result = orchestrator("cancel", str(run.id), "--wait", "--json")
    assert (result.exit_code, json.loads(result.stdout)["state"]) == (0, "cancelled")
    assert state_of(run) is RunState.CANCELLED


def test_a_run_at_work_is_asked_to_stop(orchestrator: Call) -> None:
    run = a_run(state=RunState.RUNNING)
    assert orchestrator("cancel", str(run.id)).exit_code == 0
    with reading() as session:
        assert session.get_one(Run, run.id).cancel_requested_at is not None


def test_one_that_goes_on_in_spite_of_it_is_exit_1(orchestrator: Call) -> None:
    run = a_run(state=RunState.RUNNING)
    result = orchestrator("cancel", str(run.id), "--wait", "--timeout", "0")
    assert result.exit_code == 1
    assert "has not ended" in result.stderr


def test_a_run_that_has_ended_or_is_not_there_is_bad_input(orchestrator: Call) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    result = orchestrator("cancel", str(run.id))
    assert (result.exit_code, "has ended already" in result.stderr) == (2, True)
    assert orchestrator("cancel", "99").exit_code == 2


@pytest.mark.parametrize("command", ["cancel", "show"])
@pytest.mark.parametrize("number", ["0", "9223372036854775808", "99999999999999999999", "one"])
def test_what_can_be_no_run_is_bad_input(orchestrator: Call, command: str, number: str) -> None:
    assert orchestrator(command, number).exit_code == 2
