"""Overlap: what happens to a new run of a task whose run before has not ended.

`queue` is a limit of one at the claim (`tasks.runs.limits`); `skip` and `replace` are decided at
the promise, with the task's row locked from before the first look, so that two promises see each
other.
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


def minds_overlap(task: TaskDefinition) -> bool:
    """Whether a promise of this task has to look at the runs before."""
    return task.overlap in (Overlap.SKIP, Overlap.REPLACE)


def lock(session: Session, task: TaskDefinition) -> None:
    """Let nobody else promise a run of the task until this transaction ends."""
    row = select(TaskDefinition.id).where(TaskDefinition.id == task.id)
    session.execute(row.with_for_update(key_share=True))


def unfinished(session: Session, task: TaskDefinition) -> Sequence[int]:
    """Return the runs of the task that have not ended, the oldest first."""
    states = Run.state.in_((RunState.QUEUED, RunState.RUNNING))
    return session.scalars(
        select(Run.id).where(Run.task_definition_id == task.id, states).order_by(Run.id)
    ).all()


def refuse_overlap(session: Session, task: TaskDefinition) -> None:
    """Raise Conflict where the run before has to end first."""
    if task.overlap is Overlap.SKIP and (before := unfinished(session, task)):
        raise Conflict(
            "Run {id} of “{title}” has not ended yet, and its runs may not overlap. Wait for it, "
            "or cancel it.",
            id=before[0],
            title=task.title,
        )


def replace_older(
    session: Session, task: TaskDefinition, *, newest: int, actor: str, now: datetime
) -> None:
    """Cancel what waits or runs of the task besides its newest run, where that takes its place."""
    if task.overlap is not Overlap.REPLACE:
        return
    for run_id in unfinished(session, task):
        if run_id != newest:
            with suppress(Conflict):  # it has ended by itself meanwhile
                request_cancel(session, run_id, actor=actor, now=now, why=REPLACED)
