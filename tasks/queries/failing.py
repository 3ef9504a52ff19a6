"""What fails now: tasks whose last run did not succeed, or whose letters do not arrive."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from tasks.errors import mark
from tasks.models import Incident, Run, RunState, TaskDefinition

BAD = (RunState.FAILED, RunState.TIMED_OUT, RunState.LOST)
JUDGED = (RunState.SUCCEEDED, *BAD)
"""States in which a run says how its task does; who cancels or skips says nothing."""
NOT_EVERYBODY = mark("It did not reach everybody.")


@dataclass(frozen=True, slots=True)
class FailingTask:
    """A task whose last judged run did not succeed, or did not reach everybody."""

    slug: str
    title: str
    run_id: int
    state: RunState
    error: str
    error_kind: str | None
    finished_at: datetime
    since: datetime | None
    """When it failed first; None where that was before anybody counted."""
    failures: int
    """How many runs failed since."""


def failing_tasks(session: Session) -> list[FailingTask]:
    """Return the tasks that fail, the latest failure first.

    Each task costs four looks into the index (task, state, id), however long its history is.
    """
    incidents = _open_incidents(session)
    by_letters = {one.last_run_id for one in incidents.values() if one.last_run_id is not None}
    newest: dict[int, Sequence[Any]] = {}
    for task_id, *run in _runs(session, {*_last_failures(session), *by_letters}):
        newest.setdefault(task_id, run)
    return [_failing(run, incidents.get(task_id)) for task_id, run in newest.items()]


def _failing(run: Sequence[Any], incident: Incident | None) -> FailingTask:
    slug, title, run_id, state, error, kind, finished_at = run
    said = error if state in BAD else NOT_EVERYBODY
    since = None if incident is None else incident.created_at
    failures = 0 if incident is None else incident.failures
    return FailingTask(slug, title, run_id, state, said, kind, finished_at, since, failures)


def _open_incidents(session: Session) -> Mapping[int, Incident]:
    """Return by task what is known to fail of what is switched on."""
    found = session.scalars(
        select(Incident)
        .join(TaskDefinition, TaskDefinition.id == Incident.task_definition_id)
        .where(Incident.closed_at.is_(None), TaskDefinition.is_active)
    )
    return {one.task_definition_id: one for one in found}


def _last_failures(session: Session) -> list[int]:
    """Return the last judged run of each task where that did not succeed."""
    last = [_last(state).label(state) for state in JUDGED]
    tasks = session.execute(select(*last).where(TaskDefinition.is_active)).all()
    return [
        max(bad)
        for succeeded, *others in tasks
        if (bad := [one for one in others if one]) and max(bad) > (succeeded or 0)
    ]


def _runs(session: Session, ids: Collection[int]) -> Sequence[Sequence[Any]]:
    found = (
        select(
            Run.task_definition_id,
            TaskDefinition.slug,
            TaskDefinition.title,
            Run.id,
            Run.state,
            func.coalesce(Run.error, Run.reason),
            Run.error_kind,
            Run.finished_at,
        )
        .join(TaskDefinition, TaskDefinition.id == Run.task_definition_id)
        .where(Run.id.in_(ids))
        .order_by(Run.id.desc())
    )
    return session.execute(found).all() if ids else []


def _last(state: RunState) -> ColumnElement[Any]:
    """Find the last run of a task that ended so; trials tell nothing of it."""
    return (
        select(func.max(Run.id))
        .where(
            Run.task_definition_id == TaskDefinition.id,
            Run.state == state,
            Run.only_to.is_(None),
        )
        .correlate(TaskDefinition)
        .scalar_subquery()
    )
