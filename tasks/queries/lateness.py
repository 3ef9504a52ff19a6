"""Whether somebody was told that a run is late: its alert says so; a deadline kept leaves none."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tasks.models import Alert, AlertKind, Run

_LATE = (AlertKind.LATE_START, AlertKind.LATE_FINISH)

TOLD_LATE = exists().where(Alert.run_id == Run.id, Alert.kind.in_(_LATE)).correlate(Run)
"""A column of a select of runs; one look into the index of alerts by their run."""


def is_late(session: Session, run: Run) -> bool:
    """Whether somebody was told that this run is late."""
    return bool(session.scalar(select(TOLD_LATE).select_from(Run).where(Run.id == run.id)))
