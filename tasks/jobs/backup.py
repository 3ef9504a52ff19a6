"""The job `backup`: our own database as a file, and of the older ones the last few."""

from pathlib import Path
from typing import Annotated

from pydantic import Field
from sqlalchemy import delete, make_url, select

from tasks.database_copy import POSTGRES_COPY, SQLITE_COPY, copy_postgres, copy_sqlite
from tasks.db import reading, transaction
from tasks.errors import mark
from tasks.jobs.registry import JobContext, JobResult, ReportFile, job
from tasks.keeping.stores import delete_file
from tasks.models import Artifact, Run, TaskDefinition
from tasks.runs.files import publish_file
from tasks.settings import settings


@job(
    "backup",
    title=mark("Backup"),
    about=mark("Copies the database of the orchestrator into a file, and checks it."),
)
def backup(
    context: JobContext,
    *,
    keep: Annotated[
        int,
        Field(
            ge=1,
            le=365,
            title=mark("Backups to keep"),
            description=mark("The older ones are deleted, but never the last before this one."),
        ),
    ] = 7,
) -> JobResult:
    """Copy, give the whole copy its name, then delete what is too old."""
    path = context.folder / "backup.part"
    url = make_url(settings().database)
    if url.get_backend_name() == "sqlite":
        copy_sqlite(Path(url.database or ""), path, context.interrupting)
        file = ReportFile(_named(context, path, ".sqlite"), SQLITE_COPY)
    else:
        copy_postgres(url, path)
        file = ReportFile(_named(context, path, ".dump"), POSTGRES_COPY)
    context.log.info("backup written", extra={"bytes": file.path.stat().st_size})
    deleted = _delete_older(context, keep=max(keep - 1, 1))
    context.log.info("older backups deleted", extra={"files": deleted})
    return JobResult(files=(file,))


def _named(context: JobContext, path: Path, suffix: str) -> Path:
    """Give the copy its name: the task, and the instant that was meant."""
    name = f"{context.slug}-{context.scheduled_for:%Y-%m-%d-%H%M}{suffix}"
    publish_file(path, path.with_name(name))
    return path.with_name(name)


def _delete_older(context: JobContext, *, keep: int) -> int:
    """Delete the task's backups but the last `keep`, files first; returns how many."""
    of_the_task = (
        select(Artifact)
        .join(Run, Run.id == Artifact.run_id)
        .join(TaskDefinition, TaskDefinition.id == Run.task_definition_id)
        .where(TaskDefinition.slug == context.slug)
        .order_by(Artifact.id.desc())
        .offset(keep)
    )
    with reading() as session:
        older = session.scalars(of_the_task).all()
    for one in older:
        delete_file(one)
    with transaction() as session:
        session.execute(delete(Artifact).where(Artifact.id.in_([one.id for one in older])))
    return len(older)
