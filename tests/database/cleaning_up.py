"""Runs of 40 days ago, and the job that deletes them."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.jobs.context import JobResult
from tasks.jobs.registry import find_job
from tasks.models import (
    Artifact,
    Attempt,
    Base,
    Run,
    RunEvent,
    RunState,
    TaskDefinition,
)
from tasks.runs.files import attempt_folder, attempt_log_path
from tests.support.factories import a_run
from tests.support.jobs import a_context

OLD = timedelta(days=40)
NOTHING = "There was nothing to delete."


def clean_up(home: Path, **settings: Any) -> JobResult:
    return find_job("log_cleanup").perform(a_context(home / "folder", settings=settings))


def deleted(**numbers: int) -> str:
    """Return how the clean-up says that it deleted so many, and nothing else."""
    kinds = ("logs", "files", "runs", "sessions", "alerts")
    told = ", ".join(f"{kind}: {numbers.get(kind, 0)}" for kind in kinds)
    return f"Deleted {told}, mails about them: {numbers.get('mails', 0)}."


def an_old_run(task: TaskDefinition, **values: Any) -> Run:
    """A run of 40 days ago with a file, a log, and all that hangs on a run."""
    ended = utcnow() - OLD
    run = a_run(
        task, **({"state": RunState.FAILED, "finished_at": ended, "queued_at": ended} | values)
    )
    log, folder = attempt_log_path(run.id, 1), attempt_folder(run.id, 1)
    for path in (log, folder / "report.csv"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text")
    with transaction() as session:
        session.add(Attempt(run_id=run.id, number=1, worker="w", started_at=ended))
        session.add(RunEvent(run_id=run.id, state=run.state, attempt=1))
        session.add(
            Artifact(
                run_id=run.id,
                attempt=1,
                name="report.csv",
                path=str((folder / "report.csv").relative_to(folder.parents[2])),
                media_type="text/csv",
                bytes=4,
                sha256="-",
            )
        )
    return run


def kept(model: type[Base] = Run) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0
