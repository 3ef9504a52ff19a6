"""A filter of runs as ranges of indexes, so that no filter reads the whole history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session

from tasks.folding import fold
from tasks.models import Run, RunState, TaskDefinition, Trigger
from tasks.queries.paging import id_in
from tasks.queries.run_filter import PERIODS, RunFilter

MOST_TASKS = 40
"""A search that finds more tasks than this reads the runs in order instead of task by task."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A filter in the words of the indexes: ids instead of texts and periods."""

    state: RunState | None
    trigger: Trigger | None
    tasks: Sequence[int] | None
    """None means any task."""
    run_id: int | None
    """A run that the search names by its number, whatever its task."""
    first_id: int
    """No run before this one lies in the period."""

    def branches(self) -> list[dict[str, Any]]:
        """Return what to look for in each range that one index reads in order of ids."""
        narrow: dict[str, Any] = {}
        if self.state is not None:
            narrow["state"] = self.state
        if self.trigger is not None:
            narrow["trigger"] = self.trigger
        if self.tasks is None:
            if self.trigger is not None and self.state is None:
                return [narrow | {"state": state} for state in RunState]
            return [narrow]
        if len(self.tasks) > MOST_TASKS:
            found = [narrow | {"tasks": self.tasks}]
        else:
            found = [narrow | {"task": task} for task in self.tasks]
        return found + ([narrow | {"id": self.run_id}] if self.run_id is not None else [])


CONDITIONS: dict[str, ColumnElement[bool]] = {
    "state": Run.state == bindparam("state", type_=Run.state.type),
    "trigger": Run.trigger == bindparam("trigger", type_=Run.trigger.type),
    "task": Run.task_definition_id == bindparam("task"),
    "tasks": Run.task_definition_id.in_(bindparam("tasks", expanding=True)),
    "id": Run.id == bindparam("id"),
    "first": Run.id >= bindparam("first"),
    "before": Run.id < bindparam("before"),
    "after": Run.id > bindparam("after"),
}
"""What a filter can ask of a run, each with the name of its value."""


def scope_of(session: Session, wanted: RunFilter, *, now: datetime) -> Scope | None:
    """Turn a filter into ids; None where nothing can fit.

    A period becomes the id of its first run, since ids and instants grow together: so it costs
    one look into an index, whatever else is filtered.
    """
    first_id = _first_id(session, wanted, now)
    tasks, run_id = _tasks(session, wanted), _id_of(wanted.q)
    if first_id is None or (tasks == [] and run_id is None):
        return None
    return Scope(wanted.state, wanted.trigger, tasks, run_id, first_id)


def _first_id(session: Session, wanted: RunFilter, now: datetime) -> int | None:
    """Return the id of the period's first run, 0 without a period, None where it has none."""
    if not wanted.period:
        return 0
    since = now - PERIODS[wanted.period]
    return session.scalar(
        select(Run.id).where(Run.queued_at >= since).order_by(Run.queued_at, Run.id).limit(1)
    )


def _tasks(session: Session, wanted: RunFilter) -> list[int] | None:
    """Return the ids of the tasks that fit; None where any does.

    Folding stands here and not in SQL: neither database knows that ı and I are one letter.
    """
    if not wanted.task and not wanted.q:
        return None
    words = fold(wanted.q).split()
    rows = session.execute(select(TaskDefinition.id, TaskDefinition.slug, TaskDefinition.title))
    return [
        task
        for task, slug, title in rows
        if wanted.task in ("", slug) and all(word in f"{fold(title)} {slug}" for word in words)
    ]


def _id_of(text: str) -> int | None:
    """Return the id that a search such as 17 or #17 names."""
    return id_in(text.removeprefix("#"))
