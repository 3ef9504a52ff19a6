"""A click of a person."""

from typing import Any

from sqlalchemy.orm import Session

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.models import Run, TaskDefinition, Trigger
from tasks.runs.dispatch import tell
from tasks.runs.promise import promise
from tasks.runs.transitions import request_cancel


def click(task: TaskDefinition, **values: Any) -> Run:
    """Promise a run, and tell the workers."""
    run = a_promise(task, **values)
    tell(run)
    return run


def a_promise(task: TaskDefinition, **values: Any) -> Run:
    """Promise a run; the workers do not hear of it yet."""
    with transaction() as session:
        return promise_in(session, session.get_one(TaskDefinition, task.id), **values)


def promise_in(session: Session, task: TaskDefinition, *, by: str = "ayse", **values: Any) -> Run:
    """Promise a run as a person does, in a transaction of the test's own."""
    given: dict[str, Any] = {"parameters": {}, "now": utcnow()} | values
    return promise(session, task, trigger=Trigger.PERSON, triggered_by=by, **given)


def cancel(run: Run) -> None:
    """Ask to cancel a run."""
    with transaction() as session:
        request_cancel(session, run.id, actor="ayse", now=utcnow())
