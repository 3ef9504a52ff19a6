"""The promise of a schedule: each due instant becomes a row, a run or a skipped one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from tasks.db import insert_new
from tasks.errors import Invalid
from tasks.models import Overlap, Run, RunState, Schedule, TaskDefinition, Trigger
from tasks.models.base import JsonObject
from tasks.reports.parameters import accept, definitions_of
from tasks.runs.deadlines import tell_overlapped
from tasks.runs.new_row import finish_by_of, new_row
from tasks.runs.overlap import lock, replace_older, unfinished
from tasks.runs.transitions import write_events
from tasks.scheduling.due import Verdict

BEAT = "beat"
LONGEST_ACTOR = 120
"""Characters of `triggered_by`; the name of a schedule may be longer."""


def promise_due(
    session: Session, schedule: Schedule, task: TaskDefinition, verdict: Verdict, *, now: datetime
) -> None:
    """Write what becomes of a due instant of a task that minds the overlap of its runs."""
    lock(session, task)
    skips = verdict.code is None and task.overlap is Overlap.SKIP
    if skips and (before := unfinished(session, task)):
        _skip(session, schedule, task, verdict, before=before[0], now=now)
        return
    written = write_due(session, [due_row(schedule, task, verdict, now=now)])
    if verdict.code is None and written:
        replace_older(session, task, newest=written[0], actor=BEAT, now=now)


def due_row(
    schedule: Schedule, task: TaskDefinition, verdict: Verdict, *, now: datetime
) -> JsonObject:
    """Return the row of a due instant: a run that waits, or a skipped one with its reason.

    Parameters that no longer fit the task do not lose the instant: the run is written and fails.
    """
    planned = verdict.planned
    name = schedule.name[:LONGEST_ACTOR]
    row = new_row(task, Trigger.SCHEDULE, name, schedule.parameters, planned.due_at) | {
        "schedule_id": schedule.id,
        "scheduled_for": planned.scheduled_for,
        "queued_at": now,
        "priority": task.priority if schedule.priority is None else schedule.priority,
        "reason": verdict.reason,
        "instants": verdict.instants,
        "covers_until": verdict.covers_until,
        "finished_at": None,
    }
    if verdict.code is None:
        return row | {"parameters": _fitting(task, schedule.parameters), "reason_code": None}
    skipped = {"state": RunState.SKIPPED, "reason_code": verdict.code, "finished_at": now}
    return row | skipped | {"finish_by": None}


def write_due(session: Session, rows: Sequence[JsonObject]) -> list[int]:
    """Write rows of due instants, each unless it stands there already; returns the new ids.

    All of them have the same columns, so that they go in one statement.
    """
    if not rows:
        return []
    written = insert_new(session, Run, rows, returning=(Run.id, Run.state, Run.reason))
    write_events(session, written, actor=BEAT)
    return [run_id for run_id, _, _ in written]


def _skip(
    session: Session,
    schedule: Schedule,
    task: TaskDefinition,
    verdict: Verdict,
    *,
    before: int,
    now: datetime,
) -> None:
    """Write the instant as skipped, and tell it where it was to be delivered by a time to come."""
    overlap = replace(verdict, code="overlap", reason=f"Run {before} had not ended yet.")
    row = due_row(schedule, task, overlap, now=now)
    finish_by = finish_by_of(task, row["due_at"])
    for run_id in write_due(session, [row]):
        if finish_by is not None and finish_by > now:
            run = session.get_one(Run, run_id)
            tell_overlapped(session, run, task, before=before, finish_by=finish_by)


def _fitting(task: TaskDefinition, parameters: JsonObject) -> JsonObject:
    try:
        return dict(accept(definitions_of(task.parameters), parameters))
    except Invalid:
        return parameters
