"""The row of an incident: one open a task, opened, counted in and closed by one statement each."""

from datetime import datetime

from sqlalchemy import ColumnElement, case, or_, update
from sqlalchemy.orm import Session

from tasks.db import insert_once
from tasks.models import Incident, Run

NO_SYNC = {"synchronize_session": False, "populate_existing": True}


def count_failure(session: Session, run: Run) -> Incident | None:
    """Open an incident for the run's task, or count the run in the open one; return it.

    The index of open incidents decides between two runs that fail at once. One that another run
    closes between the two statements is opened anew by the second look; None where that one is
    closed as well.
    """
    row = {
        "task_definition_id": run.task_definition_id,
        "first_run_id": run.id,
        "last_run_id": run.id,
    }
    for _look in range(2):
        found = insert_once(session, Incident, row) or _counted(session, run)
        if found is not None:
            return found
    return None


def close(session: Session, run: Run, *only: ColumnElement[bool], now: datetime) -> Incident | None:
    """Close the open incident of the run's task; None where there is none, or not under `only`."""
    return session.scalars(
        update(Incident)
        .where(*_open(run), *only)
        .values(closed_at=now, closed_by_run_id=run.id)
        .returning(Incident),
        execution_options=NO_SYNC,
    ).one_or_none()


def _counted(session: Session, run: Run) -> Incident | None:
    """Count the run, once however many of its letters do not arrive; None without an incident."""
    is_new = or_(Incident.last_run_id.is_(None), Incident.last_run_id != run.id)
    return session.scalars(
        update(Incident)
        .where(*_open(run))
        .values(failures=Incident.failures + case((is_new, 1), else_=0), last_run_id=run.id)
        .returning(Incident),
        execution_options=NO_SYNC,
    ).one_or_none()


def _open(run: Run) -> tuple[ColumnElement[bool], ...]:
    return Incident.task_definition_id == run.task_definition_id, Incident.closed_at.is_(None)
