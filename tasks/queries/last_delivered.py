"""The last run of a task that reached people: what the next one is compared with.

It is the newest run before, with the same parameters, that succeeded, was no trial and met its
condition; where it had deliveries, at least one has arrived, or may have. So a run whose mail
failed swallows no news: the next one is compared with the last that arrived.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from tasks.models import (
    Artifact,
    ArtifactRole,
    Delivery,
    DeliveryState,
    Run,
    RunResult,
    RunState,
    TaskDefinition,
)
from tasks.reports.conditions.settings import ConditionKind, Measure

ARRIVED = (DeliveryState.DELIVERED, DeliveryState.UNCERTAIN)
MOST_LOOKED_AT = 2_000
"""Runs; a report that ran with other parameters so often since then has no run before."""
PAGE = 50
MOST_NEEDED = 100
"""Runs of one task, each with parameters of its own, whose kept rows stay whatever their age."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A run that reached people: what it came to, and its kept rows where it has any."""

    run_id: int
    scheduled_for: datetime
    rows: int
    digest: str
    figures: Mapping[str, Any]
    """As `Figures.as_json` gives them; empty for a run of before they were counted."""
    kept: Artifact | None


def last_delivered(session: Session, run_id: int) -> Delivered | None:
    """Return the run that this one is compared with; None where it is the first of its kind."""
    run = session.get_one(Run, run_id)
    for before in _delivered(session, run.task_definition_id, before=run_id):
        if _given(before) == _given(run):
            return _told(session, before)
    return None


def runs_with_needed_rows(session: Session, task_id: int) -> set[int]:
    """Return the runs whose kept rows the next run of the task may be compared with.

    Age must not delete them: the file of role `rows` of the attempt that finished.
    """
    seen: list[dict[str, Any]] = []
    needed: set[int] = set()
    for run in _delivered(session, task_id):
        if _given(run) in seen:
            continue
        seen.append(_given(run))
        needed.add(run.id)
        if len(seen) == MOST_NEEDED:
            break
    return needed


def runs_looked_back_to(session: Session, task_id: int) -> set[int]:
    """Return the runs that the next run of the task may be compared with, by rows or by figures.

    Age must not delete them, or all would be news again; of a task that compares nothing, none.
    """
    task = session.get(TaskDefinition, task_id)
    compares = task is not None and looks_back(task.settings)
    return runs_with_needed_rows(session, task_id) if compares else set()


def looks_back(settings: Mapping[str, Any]) -> bool:
    """Whether the settings of a task, as they are kept, compare its runs with one another."""
    condition = settings.get("condition") or {}
    kind, measure = condition.get("kind"), condition.get("measure")
    by_change = kind == ConditionKind.THRESHOLD and measure == Measure.CHANGE
    by_rows = kind in (ConditionKind.CHANGED, ConditionKind.NEW_ROWS)
    return bool(settings.get("difference")) or by_rows or by_change


def kept_rows(session: Session, run: Run) -> Artifact | None:
    """Return the file of a run's kept rows; None where it kept none, or has not succeeded."""
    if run.state is not RunState.SUCCEEDED:
        return None
    return session.scalars(
        select(Artifact)
        .where(
            Artifact.run_id == run.id,
            Artifact.attempt == run.attempt,
            Artifact.role == ArtifactRole.ROWS,
        )
        .limit(1)
    ).one_or_none()


def _given(run: Run) -> dict[str, Any]:
    """Return the parameters with a value: one that was added since and left empty has none."""
    return {name: value for name, value in run.parameters.items() if value is not None}


def _delivered(session: Session, task_id: int, *, before: int | None = None) -> Iterator[Run]:
    """Yield the task's runs that reached people, the newest first."""
    reached = _reached(task_id)
    for _page in range(MOST_LOOKED_AT // PAGE):
        older = reached if before is None else reached.where(Run.id < before)
        runs = session.scalars(older.limit(PAGE)).all()
        yield from runs
        if len(runs) < PAGE:
            return
        before = runs[-1].id


def _reached(task_id: int) -> Select[Run]:
    deliveries = exists().where(Delivery.run_id == Run.id)
    has_arrived = or_(Delivery.state.in_(ARRIVED), Delivery.delivered_at.is_not(None))
    result = and_(RunResult.run_id == Run.id, RunResult.attempt == Run.attempt)
    return (
        select(Run)
        .outerjoin(RunResult, result)
        .where(
            Run.task_definition_id == task_id,
            Run.state == RunState.SUCCEEDED,
            Run.only_to.is_(None),
            or_(RunResult.id.is_(None), RunResult.was_to_send),
            or_(~deliveries, deliveries.where(has_arrived)),
        )
        .order_by(Run.id.desc())
    )


def _told(session: Session, run: Run) -> Delivered:
    result = session.scalars(
        select(RunResult).where(RunResult.run_id == run.id, RunResult.attempt == run.attempt)
    ).one_or_none()
    return Delivered(
        run_id=run.id,
        scheduled_for=run.scheduled_for,
        rows=(run.rows or 0) if result is None else result.rows,
        digest="" if result is None else result.digest,
        figures={} if result is None else result.figures,
        kept=kept_rows(session, run),
    )
