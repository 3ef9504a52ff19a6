"""`orchestrator runs`: the newest runs."""

import json

from tasks.models import RunState
from tests.support.factories import a_run, a_schedule, a_task
from tests.unit.cli.conftest import Call


def ids(text: str) -> list[int]:
    return [run["run"] for run in json.loads(text)]


def test_the_newest_come_first(orchestrator: Call) -> None:
    first, second = a_run(), a_run()
    assert ids(orchestrator("runs", "--json").stdout) == [second.id, first.id]


def test_they_are_filtered_by_state_and_by_task(orchestrator: Call) -> None:
    other = a_task("other-report")
    a_run(state=RunState.FAILED)
    wanted = a_run(other, state=RunState.FAILED)
    a_run(other)
    found = orchestrator("runs", "--state", "failed", "--task", "other-report", "--json")
    assert ids(found.stdout) == [wanted.id]


def test_a_run_of_a_schedule_is_shown_in_the_schedule_s_zone(orchestrator: Call) -> None:
    task = a_task()
    schedule = a_schedule(task, timezone="America/New_York")
    a_run(task, schedule_id=schedule.id)
    (run,) = json.loads(orchestrator("runs", "--json").stdout)
    assert run["scheduled_for"] == "2026-03-16T05:00:00-04:00"
    assert "files" not in run


def test_an_unknown_task_or_state_is_bad_input(orchestrator: Call) -> None:
    assert orchestrator("runs", "--task", "nothing").exit_code == 2
    assert orchestrator("runs", "--state", "happy").exit_code == 2


def test_no_runs_are_an_empty_list(orchestrator: Call) -> None:
    assert json.loads(orchestrator("runs", "--json").stdout) == []
