"""What is deleted when its time is over: rows in small transactions, files before their rows.

Whoever stops in the middle leaves rows whose files are gone; the next pass finds and ends them.
"""

import shutil
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from tasks.db import insert_once, reading, transaction
from tasks.keeping import remote
from tasks.keeping.stores import delete_file
from tasks.models import (
    Alert,
    AlertMail,
    AlertMailState,
    Artifact,
    ArtifactRole,
    ArtifactStore,
    Base,
    Delivery,
    DeliveryState,
    Run,
    RunState,
    SchedulerMark,
    WebSession,
)
from tasks.queries.last_delivered import runs_looked_back_to, runs_with_needed_rows
from tasks.runs.files import attempt_folder, attempt_log_path
from tasks.settings import settings

BATCH = 500
FINAL = tuple(state for state in RunState if state.is_final)
FORGOTTEN = "forgotten:"
"""With the id of a task, the name of the mark that says before when its runs were deleted."""
UNSENT = (DeliveryState.QUEUED, DeliveryState.SENDING)
MAILED = (AlertMailState.SENT, AlertMailState.FAILED)

MAY_GO: tuple[ColumnElement[bool], ...] = (
    Run.state.in_(FINAL),
    ~exists().where(Delivery.run_id == Run.id, Delivery.state.in_(UNSENT)),
)
"""A run that has not ended, or whose letters still go out, stays whatever its age."""

NO_SYNC = {"synchronize_session": False}


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


def _delete_artifacts(task_id: int, which: ColumnElement[bool]) -> Iterator[int]:
    compared = _compared_next(task_id)
    may_go = or_(Artifact.run_id.not_in(compared), Artifact.role != ArtifactRole.ROWS)
    has_files = exists().where(Artifact.run_id == Run.id, may_go)
    for run_ids in _batches(task_id, which, has_files):
        of_runs = Artifact.run_id.in_(run_ids), may_go
        _delete_files([run_id for run_id in run_ids if run_id not in compared])
        _delete_one_by_one([run_id for run_id in run_ids if run_id in compared])
        with transaction() as session:
            deleted = session.execute(
                delete(Artifact).where(*of_runs).returning(Artifact.id),
                execution_options=NO_SYNC,
            )
            count = len(deleted.all())
        yield count


def delete_runs(task_id: int, *, before: datetime) -> Iterator[int]:
    """Delete the task's runs that ended before, with all that hangs on them; yields how many.

    The last run that succeeded stays: it says when the task last did its work. So do those that
    the next one is compared with.
    """
    with reading() as session:
        last = session.scalar(
            select(func.max(Run.id)).where(
                Run.task_definition_id == task_id, Run.state == RunState.SUCCEEDED
            )
        )
        spared = {last or 0, *runs_looked_back_to(session, task_id)}
    for run_ids in _batches(task_id, Run.finished_at < before, Run.id.not_in(spared)):
        _delete_files(run_ids)
        for run_id in run_ids:
            _delete_logs(run_id)
        with transaction() as session:
            deleted = session.execute(
                delete(Run).where(Run.id.in_(run_ids), *MAY_GO).returning(Run.id),
                execution_options=NO_SYNC,
            )
            count = len(deleted.all())
            _forget(session, task_id, before)
        yield count


def forgotten_before(session: Session, task_id: int) -> datetime | None:
    """Return before when runs of the task may have been deleted; None where none ever were."""
    return session.scalar(
        select(SchedulerMark.at).where(SchedulerMark.name == f"{FORGOTTEN}{task_id}")
    )


def delete_sessions(*, now: datetime) -> Iterator[int]:
    """Delete the sessions of browsers that are over; yields how many, batch by batch."""
    return _delete_rows(WebSession, WebSession.expires_at <= now)


def delete_alerts(*, before: datetime) -> Iterator[int]:
    """Delete the alerts of before that are about no run; yields how many, batch by batch.

    Those about a run go with it; one that is still to be mailed stays.
    """
    unsent = exists().where(AlertMail.id == Alert.mail_id, AlertMail.state.not_in(MAILED))
    return _delete_rows(Alert, Alert.run_id.is_(None), Alert.created_at < before, ~unsent)


def delete_alert_mails(*, before: datetime) -> Iterator[int]:
    """Delete the mails of before whose alerts are gone; yields how many, batch by batch."""
    told = exists().where(Alert.mail_id == AlertMail.id)
    over = AlertMail.state.in_(MAILED)
    return _delete_rows(AlertMail, over, AlertMail.created_at < before, ~told)


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


def _delete_rows(model: type[Base], *which: ColumnElement[bool]) -> Iterator[int]:
    """Delete such rows, the oldest first; yields how many, batch by batch."""
    after = 0
    while True:
        some = select(model.id).where(model.id > after, *which).order_by(model.id).limit(BATCH)
        with transaction() as session:
            gone = session.scalars(
                delete(model).where(model.id.in_(some)).returning(model.id),
                execution_options=NO_SYNC,
            ).all()
        if not gone:
            return
        after = max(gone)
        yield len(gone)


def _forget(session: Session, task_id: int, before: datetime) -> None:
    """Write down from when on the history of a task is whole: an older gap means nothing."""
    name = f"{FORGOTTEN}{task_id}"
    insert_once(session, SchedulerMark, {"name": name, "at": before})
    session.execute(
        update(SchedulerMark)
        .where(SchedulerMark.name == name, SchedulerMark.at < before)
        .values(at=before),
        execution_options=NO_SYNC,
    )


def _batches(task_id: int, *conditions: ColumnElement[bool]) -> Iterator[Sequence[int]]:
    """Yield the ids of the task's runs that meet the conditions, the oldest first."""
    after = 0
    while True:
        with reading() as session:
            run_ids = session.scalars(
                select(Run.id)
                .where(Run.task_definition_id == task_id, Run.id > after, *MAY_GO, *conditions)
                .order_by(Run.id)
                .limit(BATCH)
            ).all()
        if not run_ids:
            return
        after = run_ids[-1]
        yield run_ids


def _oldest_kept(task_id: int, keep_last: int) -> int:
    """Return the id of the oldest of the last runs whose files are kept; 0 where all are."""
    of_task = exists().where(Artifact.run_id == Run.id, Artifact.role == ArtifactRole.FILE)
    newest = select(Run.id).where(Run.task_definition_id == task_id, *MAY_GO, of_task)
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


def _delete_files(run_ids: Sequence[int]) -> None:
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


def _delete_one_by_one(run_ids: Sequence[int]) -> None:
    """Delete the files of runs but the rows that the next one is compared with."""
    others = select(Artifact).where(
        Artifact.run_id.in_(run_ids), Artifact.role != ArtifactRole.ROWS
    )
    with reading() as session:
        files = session.scalars(others).all()
    for file in files:
        delete_file(file)


def _delete_logs(run_id: int) -> None:
    folder = attempt_log_path(run_id, 1).parent
    for path in folder.glob(f"{run_id}-*.log"):
        path.unlink(missing_ok=True)
