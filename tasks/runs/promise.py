"""The promise: a run's row, written in the transaction of whatever triggered it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.db import insert_once
from tasks.errors import Conflict
from tasks.models import Run, TaskDefinition, Trigger
from tasks.models.base import JsonObject
from tasks.reports.companies import offered
from tasks.reports.parameters import accept
from tasks.runs.new_row import new_row
from tasks.runs.overlap import lock, minds_overlap, refuse_overlap, replace_older
from tasks.runs.transitions import write_event
from tasks.runs.window import has_room, told


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
    cause: Run | None = None,
    only_to: str | None = None,
) -> Run:
    """Promise one run of the task, or return the run that this `request_key` promised before.

    With `only_to` it is a trial: that address alone gets what it makes.

    Raises Invalid for parameters that do not fit, Conflict for a task that is switched off, whose
    run before has to end first, or for a key that came before with other content. The caller
    commits, then calls `dispatch.tell`.
    """
    if not task.is_active:
        raise Conflict("“{title}” is off. Switch it on before you run it.", title=task.title)
    kept = accept(offered(session, task), parameters)
    values = new_row(task, trigger, triggered_by, kept, now) | {
        "queued_at": now,
        "scheduled_for": scheduled_for or now,
        "request_key": f"{trigger}:{triggered_by}:{request_key}" if request_key else None,
        "retry_of_id": retry_of.id if retry_of else None,
        "cause_id": cause.id if cause else None,
        "only_to": only_to,
    }
    if minds_overlap(task):
        lock(session, task)
        if (before := _promised_before(session, values)) is not None:
            return before
        refuse_overlap(session, task)
    if cause is None and has_room(session, task.queue):  # after an end, dispatch follows anyway
        values |= told(0)
    run = insert_once(session, Run, values)
    if run is None:
        return _the_one_before(session, values)
    write_event(session, run, actor=triggered_by)
    replace_older(session, task, newest=run.id, actor=triggered_by, now=now)
    return run


def write_ended(
    session: Session,
    task: TaskDefinition,
    *,
    cause: Run,
    triggered_by: str,
    parameters: Mapping[str, object],
    request_key: str,
    now: datetime,
    ended: JsonObject,
) -> Run | None:
    """Write a run that the end of `cause` should have started but could not; `ended` says why.

    None where the same key wrote one before.
    """
    values = new_row(task, Trigger.TASK, triggered_by, parameters, now) | ended
    values |= {
        "queued_at": now,
        "scheduled_for": cause.scheduled_for,
        "request_key": f"{Trigger.TASK}:{triggered_by}:{request_key}",
        "cause_id": cause.id,
        "finished_at": now,
        "finish_by": None,
    }
    run = insert_once(session, Run, values)
    if run is not None:
        write_event(session, run, actor=triggered_by, detail=run.error or run.reason)
    return run


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
        only_to=run.only_to,
    )


def _promised_before(session: Session, values: JsonObject) -> Run | None:
    """Return the run that was promised under the same key; raises Conflict for other content."""
    if values["request_key"] is None:
        return None
    run = session.scalars(select(Run).where(Run.request_key == values["request_key"])).one_or_none()
    same = ("task_definition_id", "parameters", "retry_of_id", "only_to")
    if run is not None and any(getattr(run, name) != values[name] for name in same):
        raise Conflict("This request was made before with other content, as run {id}.", id=run.id)
    return run


def _the_one_before(session: Session, values: JsonObject) -> Run:
    run = _promised_before(session, values)
    if run is None:  # only the key can be in the way
        raise Conflict("This run could not be kept. Try again.")
    return run
