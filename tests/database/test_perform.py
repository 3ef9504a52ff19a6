"""What an attempt leaves behind where the server itself is the trouble."""

from pathlib import Path

from tasks.db import reading
from tasks.errors import ErrorKind
from tasks.models import Run, RunState
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
