"""Overlap: what happens to a new run of a task whose run before has not ended.

`queue` is a limit of one at the claim (`tasks.runs.limits`); the others are decided here, at the
promise. The row of the task is locked meanwhile, so that two promises see each other.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.errors import Conflict, mark
from tasks.models import Overlap, Run, RunState, TaskDefinition
from tasks.runs.transitions import request_cancel

REPLACED = mark("A newer run of the task has taken its place.")


def make_way(session: Session, task: TaskDefinition, *, actor: str, now: datetime) -> None:
    """Apply the task's rule for overlapping runs to a run that somebody asks for.

    Raises Conflict where the run before has to end first.
    """
    if task.overlap is Overlap.REPLACE:
        replace_unfinished(session, task, actor=actor, now=now)
    elif task.overlap is Overlap.SKIP and (before := unfinished(session, task)):
        raise Conflict(
            "Run {id} of “{title}” has not ended yet, and its runs may not overlap. Wait for it, "
            "or cancel it.",
            id=before[0],
            title=task.title,
        )


def replace_unfinished(
    session: Session, task: TaskDefinition, *, actor: str, now: datetime
) -> None:
    """Cancel what waits or runs of the task, since a newer run takes its place."""
    for run_id in unfinished(session, task):
        with suppress(Conflict):  # it has ended by itself meanwhile
            request_cancel(session, run_id, actor=actor, now=now, why=REPLACED)


def unfinished(session: Session, task: TaskDefinition) -> Sequence[int]:
    """Return the runs of the task that have not ended; nobody promises another one meanwhile."""
    session.execute(
        select(TaskDefinition.id)
        .where(TaskDefinition.id == task.id)
        .with_for_update(key_share=True)
    )
    states = Run.state.in_((RunState.QUEUED, RunState.RUNNING))
    return session.scalars(
        select(Run.id).where(Run.task_definition_id == task.id, states).order_by(Run.id)
    ).all()
