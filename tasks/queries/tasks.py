"""Tasks for the screen: the list with what ran and what comes, and one task as a whole."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, union_all
from sqlalchemy.orm import Session, joinedload

from tasks.clock import utcnow
from tasks.folding import fold
from tasks.models import (
    Run,
    RunState,
    Schedule,
    Source,
    TaskChain,
    TaskDefinition,
    TaskVersion,
)
from tasks.queries.by_name import task_named
from tasks.queries.first_runs import first_run_of_tasks
from tasks.reports.parameters import ParameterDefinition, definitions_of

STRIP = 20
PAGE = 50


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """What the list shows: tasks that hold all the words, after the task of this name."""

    q: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class LastRun:
    """What a list shows of a run."""

    id: int
    state: RunState
    queued_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task of the list; `runs` are its last ones, the newest last."""

    task: TaskDefinition
    runs: Sequence[LastRun]
    next_run_at: datetime | None

    @property
    def last(self) -> LastRun | None:
        return self.runs[-1] if self.runs else None


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A page of the list; `after` leads to the next one."""

    rows: Sequence[TaskRow]
    after: str | None
    any_at_all: bool


@dataclass(frozen=True, slots=True)
class WholeTask:
    """A task with what its page shows."""

    task: TaskDefinition
    source: Source | None
    schedules: Sequence[Schedule]
    runs: Sequence[Run]
    versions: int
    chains: Sequence[TaskChain]
    """What runs after it, each with its next task."""
    led_to_by: Sequence[TaskChain]
    """What it runs after, each with the task before."""


def tasks_page(session: Session, wanted: TaskFilter) -> TaskPage:
    """Read one page of the tasks that fit, by title; six queries at most, however many tasks."""
    found = _found(session, wanted.q)
    coming = [slug for slug, _ in found]
    start = coming.index(wanted.after) + 1 if wanted.after in coming else 0
    ids = [task_id for _, task_id in found[start : start + PAGE]]
    more = len(found) > start + PAGE
    return TaskPage(
        rows=_rows(session, ids),
        after=coming[start + PAGE - 1] if more else None,
        any_at_all=bool(found) or _any(session),
    )


def whole_task(session: Session, slug: str) -> WholeTask:
    """Read a task with its source, schedules and last runs; raises NotFound."""
    task = task_named(session, slug)
    return WholeTask(
        task=task,
        source=session.scalar(
            select(Source).where(Source.slug == str(task.settings.get("source", "")))
        ),
        schedules=schedules_of(session, task),
        runs=last_runs(session, task),
        versions=session.scalar(
            select(func.count()).where(TaskVersion.task_definition_id == task.id)
        )
        or 1,
        chains=_chains(session, TaskChain.task_definition_id == task.id),
        led_to_by=_chains(session, TaskChain.next_task_id == task.id),
    )


def _chains(session: Session, condition: ColumnElement[bool]) -> Sequence[TaskChain]:
    both = (joinedload(TaskChain.task), joinedload(TaskChain.next_task))
    chains = select(TaskChain).where(condition).options(*both).order_by(TaskChain.id)
    return session.scalars(chains).all()


def schedules_of(session: Session, task: TaskDefinition) -> Sequence[Schedule]:
    """Return the schedules of a task, the one that is due first before the others."""
    mine = select(Schedule).where(Schedule.task_definition_id == task.id)
    return session.scalars(
        mine.order_by(Schedule.enabled.desc(), Schedule.next_due_at, Schedule.id)
    ).all()


def last_runs(session: Session, task: TaskDefinition, *, count: int = STRIP) -> Sequence[Run]:
    """Return the last runs of a task, the newest last."""
    newest = select(Run).where(Run.task_definition_id == task.id).order_by(Run.id.desc())
    return session.scalars(newest.limit(count)).all()[::-1]


def strips(
    session: Session, task_ids: Sequence[int], *, count: int = STRIP
) -> dict[int, list[LastRun]]:
    """Return the last runs of each task, the newest last, by one query.

    Each branch reads `count` entries of the index (task, id), however long the history is.
    """
    if not task_ids:
        return {}
    branches = [
        select(Run.id)
        .where(Run.task_definition_id == task_id)
        .order_by(Run.id.desc())
        .limit(count)
        .subquery()
        for task_id in task_ids
    ]
    ids = union_all(*(select(branch.c.id) for branch in branches))
    columns = (Run.task_definition_id, Run.id, Run.state, Run.queued_at, Run.finished_at)
    found: dict[int, list[LastRun]] = {}
    for row in session.execute(select(*columns).where(Run.id.in_(ids)).order_by(Run.id)):
        run = LastRun(row.id, row.state, row.queued_at, row.finished_at)
        found.setdefault(row.task_definition_id, []).append(run)
    return found


def sources(session: Session) -> Sequence[Source]:
    """Return all sources by title."""
    return session.scalars(select(Source).order_by(Source.title)).all()


def task_choices(session: Session) -> list[tuple[str, str]]:
    """Return name and title of all tasks, by title."""
    rows = session.execute(select(TaskDefinition.slug, TaskDefinition.title)).all()
    return sorted(((row.slug, row.title) for row in rows), key=lambda one: fold(one[1]))


def parameters_of(session: Session, slugs: Collection[str]) -> dict[str, list[ParameterDefinition]]:
    """Return what each of these tasks asks for, by its name; unknown ones are left out."""
    rows = session.execute(
        select(TaskDefinition.slug, TaskDefinition.parameters).where(TaskDefinition.slug.in_(slugs))
    )
    return {slug: definitions_of(parameters) for slug, parameters in rows}


def _found(session: Session, q: str) -> list[tuple[str, int]]:
    """Return name and id of the tasks that hold all words of `q`, by title.

    Folding stands here and not in SQL: neither database knows that ı and I are one letter.
    """
    words = fold(q).split()
    rows = session.execute(
        select(
            TaskDefinition.slug,
            TaskDefinition.id,
            TaskDefinition.title,
            TaskDefinition.description,
        )
    ).all()
    found = []
    for row in rows:
        text = fold(f"{row.title} {row.slug} {row.description}")
        if all(word in text for word in words):
            found.append((fold(row.title), row.slug, row.id))
    return [(slug, task_id) for _, slug, task_id in sorted(found)]


def _rows(session: Session, ids: Sequence[int]) -> list[TaskRow]:
    tasks = {
        task.id: task
        for task in session.scalars(select(TaskDefinition).where(TaskDefinition.id.in_(ids)))
    }
    runs, next_run_at = strips(session, ids), first_run_of_tasks(session, ids, now=utcnow())
    return [TaskRow(tasks[one], runs.get(one, []), next_run_at.get(one)) for one in ids]


def _any(session: Session) -> bool:
    return session.scalar(select(TaskDefinition.id).limit(1)) is not None
