"""What an attempt leaves behind where the server itself is the trouble."""

from pathlib import Path

import pytest

from tasks.db import reading, transaction
from tasks.errors import ErrorKind
from tasks.jobs.context import Letter
from tasks.jobs.registry import JobContext, JobResult, job
from tasks.models import ChainOn, Run, RunState, TaskChain, TaskDefinition
from tasks.runs.perform import perform
from tests.support.factories import a_run, a_source, a_task


def test_an_attempt_whose_log_cannot_be_written_says_so_at_once(database: str, home: Path) -> None:
    (home / "logs").mkdir()
    (home / "logs" / "runs").write_text("a file where the folder should be")
    run = a_run(a_task())
    perform(run.id, worker="worker-1")
    with reading() as session:
        ended = session.get_one(Run, run.id)
    assert (ended.state, ended.error_kind) == (RunState.FAILED, ErrorKind.INTERNAL)
    assert (
        ended.error == "The log of the attempt could not be written on the server: Not a directory."
    )


@job("has_nothing_to_tell")
def has_nothing_to_tell(_context: JobContext) -> JobResult:
    """Do nothing."""
    return JobResult()


@job("has_a_letter")
def has_a_letter(_context: JobContext) -> JobResult:
    """Write to somebody."""
    return JobResult(letters=(Letter("ayse@example.com", subject="News", body="None."),))


def a_task_of(job: str) -> TaskDefinition:
    with transaction() as session:
        task = TaskDefinition(slug=job.replace("_", "-"), title=job, job=job, settings={})
        session.add(task)
    return task


@pytest.fixture
def quiet_task(database: str, home: Path) -> TaskDefinition:
    return a_task_of("has_nothing_to_tell")


def test_nothing_follows_from_a_run_that_ended_well_and_made_nothing(
    quiet_task: TaskDefinition,
) -> None:
    run = a_run(quiet_task)
    assert perform(run.id, worker="worker-1")
    assert not perform(run.id, worker="worker-1")  # an old message says nothing


def test_something_may_follow_from_a_failed_run_a_letter_and_a_chain(
    quiet_task: TaskDefinition,
) -> None:
    assert not perform(a_run(a_task(settings={"sql": "SELECT"})).id, worker="worker-1")
    assert not perform(a_run(a_task_of("has_a_letter")).id, worker="worker-1")
    with transaction() as session:
        session.add(
            TaskChain(
                task_definition_id=quiet_task.id, next_task_id=a_task("next").id, on=ChainOn.SUCCESS
            )
        )
    assert not perform(a_run(quiet_task).id, worker="worker-1")


def test_a_message_that_came_twice_starts_nothing(database: str, home: Path) -> None:
    run = a_run(a_task(), state=RunState.SUCCEEDED)
    perform(run.id, worker="worker-1")
    with reading() as session:
        assert session.get_one(Run, run.id).attempt == 1
    assert not (home / "logs").exists()


def test_a_parameter_that_does_not_fit_is_never_tried_again_whatever_the_task_says(
    database: str, home: Path
) -> None:
    a_source()
    wrong = {"sql": "SELECT :nobody FROM DUMMY"}
    run = a_run(a_task(settings=wrong, retry_on=["parameter", "sql"], max_attempts=3))
    perform(run.id, worker="worker-1")
    with reading() as session:
        ended = session.get_one(Run, run.id)
    assert (ended.state, ended.error_kind) == (RunState.FAILED, ErrorKind.PARAMETER)
