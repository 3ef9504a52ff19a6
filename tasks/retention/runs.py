"""The runs of a task whose time is over, with all that hangs on them."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from tasks.db import insert_once, reading, transaction
from tasks.models import Run, RunState, SchedulerMark
from tasks.queries.last_delivered import runs_looked_back_to
from tasks.retention.batches import MAY_GO, NO_SYNC, runs_by_batch
from tasks.retention.files import delete_files
from tasks.runs.files import attempt_log_path

FORGOTTEN = "forgotten:"
"""With the id of a task, the name of the mark that says before when its runs were deleted."""


def delete_runs(task_id: int, *, before: datetime) -> Iterator[int]:
    """Delete the task's runs that ended before, with all that hangs on them; yields how many.

    The last run that succeeded stays: it says when the task last did its work. So do those that
    the next one is compared with.
    """
    with reading() as session:
        last = session.scalar(_last_success(task_id))
        spared = {last or 0, *runs_looked_back_to(session, task_id)}
    for run_ids in runs_by_batch(task_id, Run.finished_at < before, Run.id.not_in(spared)):
        delete_files(run_ids)
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


def _last_success(task_id: int) -> Select[int]:
    """Find the last run that did the task's work; a trial did not."""
    of_task = (Run.task_definition_id == task_id, Run.only_to.is_(None))
    return select(func.max(Run.id)).where(*of_task, Run.state == RunState.SUCCEEDED)


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


def _delete_logs(run_id: int) -> None:
    folder = attempt_log_path(run_id, 1).parent
    for path in folder.glob(f"{run_id}-*.log"):
        path.unlink(missing_ok=True)
