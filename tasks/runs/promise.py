"""The promise: a run's row, written in the transaction of whatever triggered it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.db import insert_once
from tasks.errors import Conflict, Invalid
from tasks.models import Run, RunState, Schedule, TaskDefinition, Trigger
from tasks.models.base import JsonObject
from tasks.reports.parameters import accept, definitions_of
from tasks.runs.transitions import write_event
from tasks.runs.window import has_room, told

LONGEST_ACTOR = 120
"""Characters of `triggered_by`; the name of a schedule may be longer."""


def promise(
    session: Session,
    task: TaskDefinition,
    *,
    trigger: Trigger,
    triggered_by: str,
    parameters: Mapping[str, object],
    now: datetime,
    scheduled_for: datetime | None = None,
    request_key: str | None = None,
    retry_of: Run | None = None,
) -> Run:
    """Promise one run of the task, or return the run that this `request_key` promised before.

    Raises Invalid for parameters that do not fit, Conflict for a task that is switched off or a
    key that came before with other content. The caller commits, then calls `dispatch.tell`.
    """
    if not task.is_active:
        raise Conflict("“{title}” is off. Switch it on before you run it.", title=task.title)
    kept = accept(definitions_of(task.parameters), parameters)
    values = _row(task, trigger, triggered_by, kept, now) | {
        "scheduled_for": scheduled_for or now,
        "request_key": f"{triggered_by}:{request_key}" if request_key else None,
        "retry_of_id": retry_of.id if retry_of else None,
    }
    if has_room(session, task.queue):
        values |= told(0)
    run = insert_once(session, Run, values)
    if run is None:
        return _promised_before(session, values)
    return _with_event(session, run, actor=triggered_by)


def promise_again(
    session: Session, run: Run, *, triggered_by: str, now: datetime, request_key: str | None = None
) -> Run:
    """Promise a new run like one that ended, for the same instant, so its dates stay the same."""
    if not run.state.is_final:
        raise Conflict("Run {id} has not ended yet, so it cannot be repeated.", id=run.id)
    task = session.get_one(TaskDefinition, run.task_definition_id)
    known = {definition["name"] for definition in task.parameters}
    return promise(
        session,
        task,
        trigger=Trigger.PERSON,
        triggered_by=triggered_by,
        parameters={name: value for name, value in run.parameters.items() if name in known},
        now=now,
        scheduled_for=run.scheduled_for,
        request_key=request_key,
        retry_of=run,
    )


def promise_due(
    session: Session, schedule: Schedule, task: TaskDefinition, *, due: datetime, now: datetime
) -> Run | None:
    """Promise the run of one due instant; None where another scheduler was first.

    Parameters that no longer fit the task do not lose the instant: the run is written and fails.
    """
    values = _scheduled_row(schedule, task, due=due, now=now)
    try:
        values["parameters"] = accept(definitions_of(task.parameters), schedule.parameters)
    except Invalid:
        values["parameters"] = schedule.parameters
    run = insert_once(session, Run, values)
    return None if run is None else _with_event(session, run, actor="beat")


def skip_due(
    session: Session,
    schedule: Schedule,
    task: TaskDefinition,
    *,
    due: datetime,
    now: datetime,
    reason: str,
    code: str,
) -> Run | None:
    """Write down a due instant that is not run, and why; None where it is written already."""
    values = _scheduled_row(schedule, task, due=due, now=now) | {
        "parameters": schedule.parameters,
        "state": RunState.SKIPPED,
        "reason": reason,
        "reason_code": code,
        "finished_at": now,
    }
    run = insert_once(session, Run, values)
    return None if run is None else _with_event(session, run, actor="beat", detail=reason)


def _scheduled_row(
    schedule: Schedule, task: TaskDefinition, *, due: datetime, now: datetime
) -> JsonObject:
    priority = task.priority if schedule.priority is None else schedule.priority
    name = schedule.name[:LONGEST_ACTOR]
    return _row(task, Trigger.SCHEDULE, name, {}, now) | {
        "schedule_id": schedule.id,
        "scheduled_for": due,
        "due_at": due,
        "priority": priority,
    }


def _row(
    task: TaskDefinition,
    trigger: Trigger,
    triggered_by: str,
    parameters: Mapping[str, object],
    now: datetime,
) -> JsonObject:
    return {
        "task_definition_id": task.id,
        "task_version": task.version,
        "trigger": trigger,
        "triggered_by": triggered_by,
        "due_at": now,
        "parameters": dict(parameters),
        "priority": task.priority,
        "queue": task.queue,
        "state": RunState.QUEUED,
        "queued_at": now,
    }


def _promised_before(session: Session, values: JsonObject) -> Run:
    run = session.scalars(select(Run).where(Run.request_key == values["request_key"])).one()
    same = ("task_definition_id", "parameters", "retry_of_id")
    if any(getattr(run, name) != values[name] for name in same):
        raise Conflict("This request was made before with other content, as run {id}.", id=run.id)
    return run


def _with_event(session: Session, run: Run, *, actor: str, detail: str = "") -> Run:
    write_event(session, run, actor=actor, detail=detail)
    return run
