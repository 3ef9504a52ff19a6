"""Runs that belong to another one: whose end promised it, and what its own end promised."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.models import Run, TaskDefinition

MOST = 20


@dataclass(frozen=True, slots=True)
class LinkedRun:
    """Another run as a link shows it."""

    id: int
    title: str


_LINK = select(Run.id, TaskDefinition.title).join(
    TaskDefinition, TaskDefinition.id == Run.task_definition_id
)


def cause_of(session: Session, run: Run) -> LinkedRun | None:
    """Return the run whose end promised this one by a chain; None where no chain did."""
    if run.cause_id is None:
        return None
    row = session.execute(_LINK.where(Run.id == run.cause_id)).one_or_none()
    return None if row is None else LinkedRun(*row)


def promised_by(session: Session, run: Run) -> Sequence[LinkedRun]:
    """Return the runs that the end of this one promised by a chain, the first few of them."""
    rows = session.execute(_LINK.where(Run.cause_id == run.id).order_by(Run.id).limit(MOST))
    return [LinkedRun(*row) for row in rows]
