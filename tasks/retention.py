"""What is deleted when its time is over: rows in small transactions, files before their rows.

Whoever stops in the middle leaves rows whose files are gone; the next pass finds and ends them.
"""

import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, delete, exists, func, select, update
from sqlalchemy.orm import Session

from tasks.db import insert_once, reading, transaction
from tasks.models import (
    Alert,
    AlertMail,
    AlertMailState,
    Artifact,
    Base,
    Delivery,
    DeliveryState,
    Run,
    RunState,
    SchedulerMark,
    WebSession,
)
from tasks.runs.files import attempt_folder, attempt_log_path

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


def delete_artifacts(task_id: int, *, before: datetime) -> Iterator[int]:
    """Delete the files of the task's runs that ended before; yields how many, batch by batch."""
    has_files = exists().where(Artifact.run_id == Run.id)
    for run_ids in _batches(task_id, before, has_files):
        for run_id in run_ids:
            _delete_folder(run_id)
        with transaction() as session:
            deleted = session.execute(
                delete(Artifact).where(Artifact.run_id.in_(run_ids)).returning(Artifact.id),
                execution_options=NO_SYNC,
            )
            count = len(deleted.all())
        yield count


def delete_runs(task_id: int, *, before: datetime) -> Iterator[int]:
    """Delete the task's runs that ended before, with all that hangs on them; yields how many.

    The last run that succeeded stays: it says when the task last did its work.
    """
    with reading() as session:
        last = session.scalar(
            select(func.max(Run.id)).where(
                Run.task_definition_id == task_id, Run.state == RunState.SUCCEEDED
            )
        )
    for run_ids in _batches(task_id, before, Run.id != (last or 0)):
        for run_id in run_ids:
            _delete_folder(run_id)
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


def _batches(
    task_id: int, before: datetime, condition: ColumnElement[bool]
) -> Iterator[Sequence[int]]:
    """Yield the ids of the task's old runs that meet the condition, the oldest first."""
    after = 0
    while True:
        with reading() as session:
            run_ids = session.scalars(
                select(Run.id)
                .where(Run.task_definition_id == task_id, Run.id > after, *MAY_GO, condition)
                .where(Run.finished_at < before)
                .order_by(Run.id)
                .limit(BATCH)
            ).all()
        if not run_ids:
            return
        after = run_ids[-1]
        yield run_ids


def _delete_folder(run_id: int) -> None:
    """Delete what all attempts of the run have made."""
    folder = attempt_folder(run_id, 1).parent
    if folder.exists():
        shutil.rmtree(folder)


def _delete_logs(run_id: int) -> None:
    folder = attempt_log_path(run_id, 1).parent
    for path in folder.glob(f"{run_id}-*.log"):
        path.unlink(missing_ok=True)
