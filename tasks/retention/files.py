"""The files of runs whose time is over, and logs."""

import shutil
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, delete, exists, or_, select

from tasks.db import reading, transaction
from tasks.keeping import remote
from tasks.keeping.stores import delete_file
from tasks.models import Artifact, ArtifactRole, ArtifactStore, Run
from tasks.queries.last_delivered import runs_with_needed_rows
from tasks.retention.batches import MAY_GO, NO_SYNC, runs_by_batch
from tasks.runs.files import attempt_folder
from tasks.settings import settings


def delete_artifacts(
    task_id: int, *, before: datetime | None = None, keep_last: int | None = None
) -> Iterator[int]:
    """Delete the files of the task's runs that ended before, or that are not of its last runs.

    The rows that the next run is compared with stay. Yields how many, batch by batch.
    """
    if keep_last is not None:
        yield from _delete_artifacts(task_id, Run.id < _oldest_kept(task_id, keep_last))
    if before is not None:
        yield from _delete_artifacts(task_id, Run.finished_at < before)


def delete_old_files(paths: Iterator[Path], *, before: datetime) -> Iterator[int]:
    """Delete the files that were last written before; yields 1 for each, 0 for one that stays."""
    for path in paths:
        try:
            old = path.stat().st_mtime < before.timestamp()
        except FileNotFoundError:  # somebody else cleans up too, or a log turned over
            continue
        if old:
            path.unlink(missing_ok=True)
        yield int(old)


def delete_files(run_ids: Sequence[int]) -> None:
    """Delete what all attempts of the runs have made, wherever it lies."""
    in_store = select(Artifact.run_id).where(
        Artifact.run_id.in_(run_ids), Artifact.store == ArtifactStore.REMOTE
    )
    with reading() as session:
        remotely = session.scalars(in_store.distinct()).all()
    for run_id in run_ids:
        folder = attempt_folder(run_id, 1).parent
        if folder.exists():
            shutil.rmtree(folder)
        if run_id in remotely:
            remote.delete(folder.relative_to(settings().artifacts_dir).as_posix())


def _delete_artifacts(task_id: int, which: ColumnElement[bool]) -> Iterator[int]:
    compared = _compared_next(task_id)
    may_go = or_(Artifact.run_id.not_in(compared), Artifact.role != ArtifactRole.ROWS)
    has_files = exists().where(Artifact.run_id == Run.id, may_go)
    for run_ids in runs_by_batch(task_id, which, has_files):
        of_runs = Artifact.run_id.in_(run_ids), may_go
        delete_files([run_id for run_id in run_ids if run_id not in compared])
        _delete_one_by_one([run_id for run_id in run_ids if run_id in compared])
        with transaction() as session:
            deleted = session.execute(
                delete(Artifact).where(*of_runs).returning(Artifact.id),
                execution_options=NO_SYNC,
            )
            count = len(deleted.all())
        yield count


def _oldest_kept(task_id: int, keep_last: int) -> int:
    """Return the id of the oldest of the last runs whose files are kept; 0 where all are.

    Trials do not count: else some of them would push out what was sent.
    """
    with_files = exists().where(Artifact.run_id == Run.id, Artifact.role == ArtifactRole.FILE)
    of_task = (Run.task_definition_id == task_id, Run.only_to.is_(None))
    newest = select(Run.id).where(*of_task, *MAY_GO, with_files)
    with reading() as session:
        return session.scalar(newest.order_by(Run.id.desc()).offset(keep_last - 1).limit(1)) or 0


def _compared_next(task_id: int) -> Collection[int]:
    """Return the runs with rows that the next one may be compared with."""
    of_rows = (
        select(Artifact.run_id)
        .join(Run, Run.id == Artifact.run_id)
        .where(Run.task_definition_id == task_id, Artifact.role == ArtifactRole.ROWS)
    )
    with reading() as session:
        kept = set(session.scalars(of_rows).all())
        return kept & runs_with_needed_rows(session, task_id) if kept else kept


def _delete_one_by_one(run_ids: Sequence[int]) -> None:
    """Delete the files of runs but the rows that the next one is compared with."""
    others = select(Artifact).where(
        Artifact.run_id.in_(run_ids), Artifact.role != ArtifactRole.ROWS
    )
    with reading() as session:
        files = session.scalars(others).all()
    for file in files:
        delete_file(file)
