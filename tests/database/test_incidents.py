"""A task that fails is told once, counted while it goes on, and told once more when it works."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.errors import ErrorKind
from tasks.models import AlertKind, Run, RunState, TaskChain
from tasks.models.chain import ChainOn
from tasks.runs.ending import end_attempt
from tasks.runs.outcome import Outcome
from tasks.runs.reaper import reap
from tests.support.factories import a_run, a_task
from tests.support.incidents import WHY, alerts, end, finish, incidents

FAILURES = [RunState.FAILED, RunState.TIMED_OUT, RunState.LOST]


@pytest.mark.parametrize("state", FAILURES)
def test_the_first_failure_opens_it_and_is_told_once(database: str, state: RunState) -> None:
    run = end(a_task(title="Stock"), state)
    [incident], [alert] = incidents(), alerts()
    assert (incident.first_run_id, incident.failures, incident.closed_at) == (run.id, 1, None)
    assert (alert.kind, alert.run_id) == (AlertKind.TASK_FAILED, run.id)
    assert alert.sentence.startswith("“Stock” failed at ")


def test_it_tells_why_in_the_sentence_of_the_error(database: str) -> None:
    end(a_task())
    assert f" {WHY}. You hear of it again once it works" in alerts()[0].sentence


def test_further_failures_only_count(database: str) -> None:
    task = a_task()
    runs = [end(task, state) for state in FAILURES]
    [incident] = incidents()
    assert (incident.failures, incident.first_run_id, incident.last_run_id) == (
        3,
        runs[0].id,
        runs[2].id,
    )
    assert len(alerts()) == 1


def test_the_first_success_closes_it_and_is_told_once(database: str) -> None:
    task = a_task(title="Stock")
    end(task)
    end(task)
    good = end(task, RunState.SUCCEEDED)
    end(task, RunState.SUCCEEDED)
    [incident], [_, alert] = incidents(), alerts()
    assert incident.closed_at is not None
    assert incident.closed_by_run_id == good.id
    assert alert.kind is AlertKind.TASK_RECOVERED
    assert alert.sentence.startswith("“Stock” works again since ")
    assert alert.sentence.endswith("failed runs: 2.")


def test_a_failure_after_that_is_another_incident(database: str) -> None:
    task = a_task()
    for state in (RunState.FAILED, RunState.SUCCEEDED, RunState.FAILED):
        end(task, state)
    assert [one.closed_at is None for one in incidents()] == [False, True]
    assert len(alerts()) == 3


@pytest.mark.parametrize(
    ("state", "values"),
    [
        (RunState.SUCCEEDED, {}),
        (RunState.CANCELLED, {}),
        (RunState.FAILED, {"only_to": "me@example.com"}),
    ],
    ids=["it went well", "somebody cancelled it", "it was a trial"],
)
def test_what_is_no_failure_opens_nothing(
    database: str, state: RunState, values: dict[str, Any]
) -> None:
    end(a_task(), state, **values)
    assert (incidents(), alerts()) == ([], [])


def test_an_attempt_that_is_followed_by_another_is_no_failure_yet(database: str) -> None:
    run = a_run(a_task(), state=RunState.RUNNING)
    finish(run, RunState.FAILED, retry_in=timedelta(seconds=1))
    assert incidents() == []


def test_a_trial_that_goes_well_closes_nothing(database: str) -> None:
    task = a_task()
    end(task)
    end(task, RunState.SUCCEEDED, only_to="me@example.com")
    assert [one.closed_at for one in incidents()] == [None]


def test_a_cancelled_run_closes_nothing(database: str) -> None:
    task = a_task()
    end(task)
    end(task, RunState.CANCELLED)
    assert [one.closed_at for one in incidents()] == [None]


def test_a_run_whose_worker_died_is_told(database: str) -> None:
    past = utcnow() - timedelta(minutes=1)
    run = a_run(
        a_task(max_attempts=1), state=RunState.RUNNING, lease_until=past, lease_owner="worker-1:7"
    )
    assert reap() == 1
    [incident] = incidents()
    assert incident.first_run_id == run.id
    assert "died or lost its connection" in alerts()[0].sentence


def test_a_run_that_could_not_follow_is_told_of_its_own_task(database: str) -> None:
    first = a_task("first")
    wants = [{"name": "day", "title": "Day", "type": "date", "required": True}]
    following = a_task("second", parameters=wants)
    with transaction() as session:
        session.add(
            TaskChain(task_definition_id=first.id, next_task_id=following.id, on=ChainOn.SUCCESS)
        )
    end(first, RunState.SUCCEEDED)
    assert [one.task_definition_id for one in incidents()] == [following.id]


def test_of_runs_that_fail_at_once_one_opens_it_and_the_others_count(database: str) -> None:
    task = a_task()
    runs = [a_run(task, state=RunState.RUNNING) for _ in range(6)]

    def fail(run: Run) -> None:
        outcome = Outcome(RunState.FAILED, error_kind=ErrorKind.JOB, error=WHY)
        with transaction() as session:
            end_attempt(session, run.id, 1, outcome, actor="worker-1")

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(fail, runs))
    [incident] = incidents()
    assert incident.failures == 6
    assert len(alerts()) == 1


def test_each_task_has_its_own(database: str) -> None:
    end(a_task("stock"))
    end(a_task("sales"))
    assert len(incidents()) == 2
