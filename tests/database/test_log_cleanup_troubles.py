"""The job `log_cleanup` with very much to do, stopped, or after a crash."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from tasks.clock import utcnow
from tasks.db import reading
from tasks.errors import ErrorKind, JobError
from tasks.jobs.context import Progress, Stopped
from tasks.jobs.registry import find_job
from tasks.models import (
    Artifact,
    RunState,
    ScheduleKind,
)
from tasks.queries.ledger import Standing, ledger
from tasks.retention import batches, forgotten_before
from tasks.runs.files import attempt_folder
from tests.database.cleaning_up import NOTHING, an_old_run, clean_up, deleted, kept
from tests.support.factories import a_run, a_schedule, a_task
from tests.support.jobs import a_context


def test_what_a_dead_attempt_left_goes_a_day_later(database: str, home: Path) -> None:
    run = a_run(state=RunState.LOST)
    folder = attempt_folder(run.id, 1)
    folder.mkdir(parents=True)
    (folder / "half.part").write_text("half")
    assert clean_up(home).reason == NOTHING
    before = (utcnow() - timedelta(hours=25)).timestamp()
    os.utime(folder, (before, before))
    assert clean_up(home).reason == deleted(files=1)
    assert not folder.exists()


def test_more_than_a_batch_goes_batch_by_batch(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    task = a_task(run_retention_days=30, artifact_retention_days=20)
    for _ in range(5):
        an_old_run(task)
    said: list[Progress | None] = []
    context = a_context(home / "folder")

    def listen() -> bool:
        said.append(context.last_progress)
        return False

    context.stopped = listen
    find_job("log_cleanup").perform(context)
    assert kept() == 0
    assert [one.done for one in said if one] == [2, 4, 5]


def test_a_cleanup_that_is_stopped_goes_on_the_next_time(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    task = a_task(run_retention_days=30)
    for _ in range(3):
        an_old_run(task)
    with pytest.raises(Stopped):
        find_job("log_cleanup").perform(a_context(home / "folder", stopped=lambda: True))
    assert kept() == 1
    clean_up(home)
    assert kept() == 0


def test_files_that_went_before_a_crash_do_not_hold_up_their_rows(
    database: str, home: Path
) -> None:
    run = an_old_run(a_task(artifact_retention_days=30))
    (attempt_folder(run.id, 1) / "report.csv").unlink()
    attempt_folder(run.id, 1).rmdir()
    clean_up(home)
    assert kept(Artifact) == 0


def test_a_file_that_cannot_be_deleted_is_named(database: str, home: Path) -> None:
    run = an_old_run(a_task(artifact_retention_days=30))
    folder = attempt_folder(run.id, 1).parent
    folder.rename(folder.with_name("elsewhere"))
    folder.symlink_to(folder.with_name("elsewhere"))  # nobody deletes through a link
    with pytest.raises(JobError, match="could not be deleted") as failed:
        clean_up(home)
    assert (failed.value.kind, failed.value.transient) == (ErrorKind.JOB, False)
    assert kept(Artifact) == 1


def test_nothing_is_missing_from_the_time_whose_runs_were_deleted(
    database: str, home: Path
) -> None:
    task, now = a_task(run_retention_days=30), utcnow()
    starts = now - timedelta(days=60)
    daily = {"kind": ScheduleKind.INTERVAL, "cron": None, "interval_seconds": 86_400}
    schedule = a_schedule(
        task, **daily, starts_at=starts, created_at=starts, next_due_at=now + timedelta(days=1)
    )
    meant = starts + timedelta(days=20)
    an_old_run(task, schedule_id=schedule.id, scheduled_for=meant, due_at=meant)
    clean_up(home)
    assert kept() == 0
    with reading() as session:
        found = ledger(session, schedule, since=starts, until=now, now=now)
        oldest = found.lines[0].scheduled_for
        other = forgotten_before(session, task.id + 1)
    assert now - timedelta(days=30) <= oldest <= now - timedelta(days=29)
    assert {line.standing for line in found.lines} == {Standing.MISSING}
    assert other is None
