"""The job `log_cleanup`: logs, files, runs and alerts are deleted when their time is over."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from tasks import log
from tasks.clock import utcnow
from tasks.db import reading
from tasks.errors import ErrorKind, JobError, mark
from tasks.jobs.registry import JobContext, JobResult, job
from tasks.keeping.errors import StoreAway
from tasks.models import TaskDefinition
from tasks.retention import (
    delete_alert_mails,
    delete_alerts,
    delete_artifacts,
    delete_old_files,
    delete_runs,
    delete_sessions,
)
from tasks.runs.leftovers import delete_stray_folders, delete_stray_in_store
from tasks.settings import settings

UNTOUCHED = timedelta(days=1)
"""An attempt that was fenced has long ended by then."""

DELETED = mark("deleted")
NOTHING = mark("There was nothing to delete.")
ALERTS_TOO = mark("And alerts about no run; an alert about a run goes with it.")
FOR_EVER = mark("Of tasks that do not say it themselves. Empty: for ever.")

Days = Annotated[int, Field(ge=1, le=3_650)]


@job(
    "log_cleanup",
    title=mark("Clean up"),
    about=mark(
        "Deletes logs, files, runs and alerts when their time is over, and sessions that ended."
    ),
)
def log_cleanup(
    context: JobContext,
    *,
    keep_days: Annotated[Days, Field(title=mark("Days to keep logs"), description=ALERTS_TOO)] = 90,
    keep_file_days: Annotated[
        Days | None, Field(title=mark("Days to keep files"), description=FOR_EVER)
    ] = None,
    keep_run_days: Annotated[
        Days | None, Field(title=mark("Days to keep runs"), description=FOR_EVER)
    ] = None,
) -> JobResult:
    """Delete what is old enough; stopped anywhere, the next run goes on from there."""
    now = utcnow()
    old = now - timedelta(days=keep_days)
    count = Counter(context)
    try:
        runs = files = 0
        for task in _tasks():
            if before := _ago(now, task.run_retention_days or keep_run_days):
                runs += count.all(delete_runs(task.id, before=before))
            if before := _ago(now, task.artifact_retention_days or keep_file_days):
                files += count.all(delete_artifacts(task.id, before=before))
            if keep_last := task.artifact_keep_last:
                files += count.all(delete_artifacts(task.id, keep_last=keep_last))
        files += count.all(delete_stray_folders(before=now - UNTOUCHED))
        files += count.all(delete_stray_in_store(before=now - UNTOUCHED))
        logs = count.all(delete_old_files(_logs(), before=old))
        sessions = count.all(delete_sessions(now=now))
        alerts = count.all(delete_alerts(before=old))
        mails = count.all(delete_alert_mails(before=old))
    except OSError as error:
        raise JobError(
            "An old file could not be deleted ({why}). Let the worker's user write in its folder.",
            kind=ErrorKind.JOB,
            why=error,
        ) from error
    if count.away is not None:
        raise count.away
    if count.total == 0:
        return JobResult(reason=NOTHING)
    return JobResult(
        reason=f"Deleted logs: {logs}, files: {files}, runs: {runs}, sessions: {sessions}, "
        f"alerts: {alerts}, mails about them: {mails}."
    )


class Counter:
    """Counts what is deleted, tells it, and ends the job where that is wanted."""

    def __init__(self, context: JobContext) -> None:
        self.total = 0
        self.away: StoreAway | None = None
        """Why something could not be deleted: the store of files is away."""
        self._context = context

    def all(self, deleted: Iterable[int]) -> int:
        """Let everything be deleted; returns how many that were.

        What lies in a store that is away is left to the next clean-up: this one has to make room
        on the disk all the same.
        """
        before = self.total
        try:
            for number in deleted:
                self.total += number
                self._context.progress(self.total, text=DELETED)
                self._context.check()
        except StoreAway as error:
            self.away = error
        return self.total - before


def _tasks() -> list[TaskDefinition]:
    with reading() as session:
        return list(session.scalars(select(TaskDefinition).order_by(TaskDefinition.id)))


def _ago(now: datetime, days: int | None) -> datetime | None:
    return None if days is None else now - timedelta(days=days)


def _logs() -> Iterator[Path]:
    """Yield the logs of attempts, and what the product's own logs have turned over to."""
    yield from settings().logs_dir.glob("runs/*/*.log")
    for name in log.FILES:
        yield from settings().logs_dir.glob(f"{name}.log.*")
