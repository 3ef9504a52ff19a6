"""What attempts leave behind that did not succeed, and who deletes it."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.errors import ErrorKind, JobError
from tasks.jobs.context import JobContext, JobResult, ReportFile
from tasks.jobs.registry import job
from tasks.models import Artifact, Run, RunState, TaskDefinition
from tasks.runs.files import attempt_folder, attempt_log_path
from tasks.runs.leftovers import delete_leftovers, delete_stray_folders
from tasks.runs.perform import perform
from tasks.runs.reaper import give_back_runs, reap
from tasks.runs.transitions import request_cancel
from tests.support.factories import a_run, a_task

PAST = timedelta(seconds=-1)
LATER = timedelta(hours=1)


class Ending(BaseModel):
    """How the job ends."""

    ending: str = "well"


@job("leaves_a_file")
def leaves_a_file(context: JobContext, *, wanted: Ending) -> JobResult:
    """Write a file, then end as it was told to."""
    path = context.folder / "half.part"
    path.write_text("half")
    ENDINGS[wanted.ending](int(context.folder.parent.name))
    (context.folder / "more.part").write_text("a fenced attempt still writes")
    return JobResult(files=(ReportFile(context.folder / "more.part", "text/plain"),))


def fail(_run: int) -> None:
    raise JobError("It cannot be done.", kind=ErrorKind.JOB)


def lose(run: int) -> None:
    """Let the lease end and the reaper take the run, while the attempt lives on."""
    with transaction() as session:
        session.get_one(Run, run).lease_until = utcnow() + PAST
    assert reap() == 1
    assert not attempt_folder(run, 1).exists()


def cancel(run: int) -> None:
    with transaction() as session:
        request_cancel(session, run, actor="ayse", now=utcnow())


ENDINGS: dict[str, Callable[[int], None]] = {
    "well": lambda _run: None,
    "badly": fail,
    "fenced": lose,
    "cancelled": cancel,
}


def one_that_ends(ending: str) -> TaskDefinition:
    task = a_task(job="leaves_a_file", max_attempts=1)
    with transaction() as session:
        session.get_one(TaskDefinition, task.id).settings = {"ending": ending}
    return task


@pytest.mark.parametrize(
    ("ending", "state", "files"),
    [
        ("well", RunState.SUCCEEDED, ["half.part", "more.part"]),
        ("badly", RunState.FAILED, None),
        ("cancelled", RunState.CANCELLED, None),
        ("fenced", RunState.LOST, None),
    ],
)
def test_only_an_attempt_that_succeeds_leaves_files_and_each_leaves_its_log(
    database: str, home: Path, ending: str, state: RunState, files: list[str] | None
) -> None:
    run = a_run(one_that_ends(ending))
    perform(run.id, worker="worker-1")
    with reading() as session:
        assert session.get_one(Run, run.id).state is state
    assert files_of(run) == files
    assert attempt_log_path(run.id, 1).exists()


def files_of(run: Run, attempt: int = 1) -> list[str] | None:
    """Return the names of an attempt's files, None where its folder is gone."""
    folder = attempt_folder(run.id, attempt)
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else None


def running(*, ends: timedelta, attempt: int = 1) -> Run:
    """A run at work under a lease that ends then, with a file of this attempt."""
    until = utcnow() + ends
    run = a_run(state=RunState.RUNNING, lease_until=until, lease_owner="gone:1", attempt=attempt)
    with_a_file(run, attempt)
    return run


def with_a_file(run: Run, attempt: int = 1) -> Path:
    folder = attempt_folder(run.id, attempt)
    folder.mkdir(parents=True)
    (folder / "half.part").write_text("half")
    return folder


def test_the_reaper_deletes_the_files_of_an_attempt_that_died_and_of_no_other(
    database: str, home: Path
) -> None:
    died, lives = running(ends=PAST, attempt=2), running(ends=LATER)
    assert reap() == 1
    assert files_of(died, 2) is None
    assert files_of(lives) == ["half.part"]


def test_a_stopped_worker_leaves_no_files_of_what_it_gives_back(database: str, home: Path) -> None:
    run = running(ends=LATER)
    assert give_back_runs("gone") == 1
    assert files_of(run) is None


def test_an_attempt_that_succeeded_without_hearing_so_keeps_its_files(
    database: str, home: Path
) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    told(with_a_file(run))
    delete_leftovers(run.id, 1)
    assert files_of(run) == ["half.part"]


def told(folder: Path) -> None:
    """Write the artifact that tells of the file."""
    with transaction() as session:
        session.add(
            Artifact(
                run_id=int(folder.parent.name),
                attempt=int(folder.name),
                name="half.part",
                path=str((folder / "half.part").relative_to(folder.parents[2])),
                media_type="text/plain",
                bytes=4,
                sha256="-",
            )
        )


def test_the_clean_up_deletes_what_nobody_tells_of_and_nobody_works_on(
    database: str, home: Path
) -> None:
    now = utcnow()
    kept, again, waits = a_run(state=RunState.SUCCEEDED), running(ends=LATER, attempt=2), a_run()
    told(with_a_file(kept, 2))
    old = [with_a_file(kept), with_a_file(again), with_a_file(waits)]
    gone = home / "artifacts" / "0099" / "99999" / "1"
    gone.mkdir(parents=True)
    a_day_ago(now, *old, gone, attempt_folder(kept.id, 2), attempt_folder(again.id, 2))
    new = with_a_file(a_run(state=RunState.FAILED))
    other = home / "artifacts" / "somebody" / "elses" / "folder"
    other.mkdir(parents=True)
    a_day_ago(now, other)
    assert sum(delete_stray_folders(before=now - LATER)) == 3
    assert [folder.exists() for folder in (*old, gone)] == [False] * 4
    assert (files_of(kept, 2), files_of(again, 2)) == (["half.part"], ["half.part"])
    assert new.exists()
    assert other.exists()


def a_day_ago(now: datetime, *folders: Path) -> None:
    at = (now - timedelta(days=1)).timestamp()
    for folder in folders:
        os.utime(folder, (at, at))


def test_a_leftover_that_cannot_be_deleted_is_told_and_breaks_nothing(
    sqlite_database: str, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run = a_run(state=RunState.FAILED)
    folder = attempt_folder(run.id, 1)
    folder.parent.mkdir(parents=True)
    folder.write_text("a file where the folder should be")
    delete_leftovers(run.id, 1)
    assert "leftover stays" in caplog.messages
