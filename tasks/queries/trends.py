"""The last runs of tasks, as thin as a small picture needs them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from tasks.models import Run, RunState
from tasks.queries.remembered import Memories

BARS = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """A run in the picture; `seconds` is None where it never began or has not ended."""

    id: int
    state: RunState
    seconds: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Trend:
    """The last runs of a task, the oldest first; the same object while nothing changed."""

    bars: Sequence[Bar]


def trends(session: Session, task_ids: Collection[int], *, version: int) -> dict[int, Trend]:
    """Return the last runs of each task; one query, `BARS` index rows for each task not kept."""
    memory = _memories.of(session)
    found = {task: memory.find(task, version) for task in set(task_ids)}
    missing = [task for task, trend in found.items() if trend is None]
    for task, new in _read(session, missing).items():
        old = memory.last(task)
        trend = old if old is not None and old.bars == new.bars else new
        memory.keep(task, version, trend)
        found[task] = trend
    return {task: trend for task, trend in found.items() if trend is not None}


def _read(session: Session, task_ids: Sequence[int]) -> dict[int, Trend]:
    if not task_ids:
        return {}
    parts = [
        select(Run.id, Run.task_definition_id, Run.state, Run.started_at, Run.finished_at)
        .where(Run.task_definition_id == task)
        .order_by(Run.id.desc())
        .limit(BARS)
        .subquery()
        for task in task_ids
    ]
    found: dict[int, list[Bar]] = {task: [] for task in task_ids}
    for run_id, task, state, started_at, finished_at in session.execute(
        union_all(*(select(part) for part in parts))
    ):
        found[task].append(Bar(run_id, state, _seconds(started_at, finished_at)))
    return {task: Trend(sorted(bars, key=lambda bar: bar.id)) for task, bars in found.items()}


def _seconds(started_at: datetime | None, finished_at: datetime | None) -> float | None:
    if started_at is None or finished_at is None:
        return None
    return max((finished_at - started_at).total_seconds(), 0.0)


_memories: Memories[Trend] = Memories()
