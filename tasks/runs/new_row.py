"""The columns that every new run has, whoever promises it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from tasks.models import RunState, TaskDefinition, Trigger
from tasks.models.base import JsonObject


def new_row(
    task: TaskDefinition,
    trigger: Trigger,
    triggered_by: str,
    parameters: Mapping[str, object],
    due_at: datetime,
) -> JsonObject:
    """Return the columns of a run of the task that begins to wait; the rest is its trigger's."""
    return {
        "task_definition_id": task.id,
        "task_version": task.version,
        "trigger": trigger,
        "triggered_by": triggered_by,
        "due_at": due_at,
        "start_by": _later(due_at, task.start_deadline_seconds),
        "finish_by": finish_by_of(task, due_at),
        "parameters": dict(parameters),
        "priority": task.priority,
        "queue": task.queue,
        "source": source_of(task),
        "state": RunState.QUEUED,
    }


def finish_by_of(task: TaskDefinition, due_at: datetime) -> datetime | None:
    """Return by when a run that is due then is to be delivered; None where nobody waits for it."""
    return _later(due_at, task.finish_deadline_seconds)


def source_of(task: TaskDefinition) -> str | None:
    """Return the slug of the source that a run of the task will read, None where it reads none."""
    source = task.settings.get("source")
    return source if isinstance(source, str) else None


def _later(instant: datetime, seconds: int | None) -> datetime | None:
    return None if seconds is None else instant + timedelta(seconds=seconds)
