"""A click of a person."""

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.models import Run, TaskDefinition, Trigger
from tasks.runs.dispatch import tell
from tasks.runs.promise import promise
from tasks.runs.transitions import request_cancel


def click(task: TaskDefinition) -> Run:
    """Promise a run, and tell the workers."""
    with transaction() as session:
        run = promise(
            session,
            session.get_one(TaskDefinition, task.id),
            trigger=Trigger.PERSON,
            triggered_by="ayse",
            parameters={},
            now=utcnow(),
        )
    tell(run)
    return run


def cancel(run: Run) -> None:
    """Ask to cancel a run."""
    with transaction() as session:
        request_cancel(session, run.id, actor="ayse", now=utcnow())
