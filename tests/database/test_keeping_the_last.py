"""A task that keeps the files of its last runs keeps those, and what the next one needs."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.jobs.registry import find_job
from tasks.models import (
    Artifact,
    ArtifactRole,
    Delivery,
    DeliveryState,
    Run,
    RunState,
    TaskDefinition,
)
from tasks.runs.files import attempt_folder
from tests.support.factories import a_run, a_task
from tests.support.jobs import a_context


def clean_up(home: Path) -> None:
    find_job("log_cleanup").perform(a_context(home / "folder"))


def a_run_with_files(
    task: TaskDefinition, *roles: ArtifactRole, sent: bool = True, **values: Any
) -> Run:
    """A run that made one file a role, and whose letter arrived or not."""
    run = a_run(task, **({"state": RunState.SUCCEEDED} | values))
    folder = attempt_folder(run.id, 1)
    folder.mkdir(parents=True)
    state = DeliveryState.DELIVERED if sent else DeliveryState.FAILED
    with transaction() as session:
        session.add(Delivery(run_id=run.id, recipient="a@b.com", message_id="<1>", state=state))
        for role in roles or (ArtifactRole.FILE,):
            (folder / role).write_text("content")
            path = (folder / role).relative_to(folder.parents[2])
            row = {"name": role.value, "path": str(path), "media_type": "text/csv"}
            more = {"bytes": 7, "sha256": "-", "attempt": 1, "role": role}
            session.add(Artifact(run_id=run.id, **row, **more))
    return run


def kept() -> list[tuple[int, ArtifactRole]]:
    with reading() as session:
        files = session.scalars(select(Artifact).order_by(Artifact.id)).all()
    return [(one.run_id, one.role) for one in files]


def test_the_files_of_so_many_last_runs_are_kept(database: str, home: Path) -> None:
    task = a_task(artifact_keep_last=2)
    runs = [a_run_with_files(task) for _ in range(4)]
    clean_up(home)
    assert [run_id for run_id, _ in kept()] == [run.id for run in runs[2:]]
    assert [attempt_folder(run.id, 1).exists() for run in runs] == [False, False, True, True]


def test_a_run_that_made_no_file_counts_for_nothing(database: str, home: Path) -> None:
    task = a_task(artifact_keep_last=1)
    run = a_run_with_files(task)
    a_run(task, state=RunState.FAILED)
    clean_up(home)
    assert [run_id for run_id, _ in kept()] == [run.id]


def test_trials_push_nothing_out_that_was_sent(database: str, home: Path) -> None:
    task = a_task(artifact_keep_last=2)
    runs = [a_run_with_files(task) for _ in range(2)]
    tried = [a_run_with_files(task, only_to="me@example.com") for _ in range(3)]
    clean_up(home)
    assert [run_id for run_id, _ in kept()] == [run.id for run in (*runs, *tried)]


def test_the_last_run_that_went_to_people_stays_whatever_was_tried_since(
    database: str, home: Path
) -> None:
    task = a_task(run_retention_days=1)
    ended = utcnow() - timedelta(days=2)
    good = a_run_with_files(task, finished_at=ended)
    a_run_with_files(task, finished_at=ended, only_to="me@example.com")
    clean_up(home)
    assert [run_id for run_id, _ in kept()] == [good.id]


def test_fewer_than_that_all_stay(database: str, home: Path) -> None:
    task = a_task(artifact_keep_last=3)
    runs = [a_run_with_files(task) for _ in range(2)]
    a_run_with_files(a_task("another"))
    clean_up(home)
    assert [run_id for run_id, _ in kept()][:2] == [run.id for run in runs]


def test_the_rows_that_the_next_run_is_compared_with_stay(database: str, home: Path) -> None:
    task = a_task(artifact_keep_last=1)
    both = (ArtifactRole.FILE, ArtifactRole.ROWS)
    older, arrived = a_run_with_files(task, *both), a_run_with_files(task, *both)
    last = a_run_with_files(task, *both, sent=False)
    clean_up(home)
    assert kept() == [
        (arrived.id, ArtifactRole.ROWS),
        (last.id, ArtifactRole.FILE),
        (last.id, ArtifactRole.ROWS),
    ]
    assert not attempt_folder(older.id, 1).exists()
    assert [path.name for path in attempt_folder(arrived.id, 1).iterdir()] == ["rows"]
