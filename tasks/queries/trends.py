"""The last runs of tasks, as thin as a small picture needs them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from tasks.models import Run, RunState

BARS = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """A run in the picture; `seconds` is None where it never began or has not ended."""

    id: int
    state: RunState
    seconds: float | None


def trends(session: Session, task_ids: Sequence[int]) -> dict[int, list[Bar]]:
    """Return the last runs of each task, the oldest first; one query, `BARS` index rows a task."""
    if not task_ids:
        return {}
    parts = [
        select(Run.id, Run.task_definition_id, Run.state, Run.started_at, Run.finished_at)
        .where(Run.task_definition_id == task)
        .order_by(Run.id.desc())
        .limit(BARS)
        .subquery()
        for task in dict.fromkeys(task_ids)
    ]
    found: dict[int, list[Bar]] = {}
    for run_id, task, state, started_at, finished_at in session.execute(
        union_all(*(select(part) for part in parts))
    ):
        found.setdefault(task, []).append(Bar(run_id, state, _seconds(started_at, finished_at)))
    for bars in found.values():
        bars.sort(key=lambda bar: bar.id)
    return found


def _seconds(started_at: datetime | None, finished_at: datetime | None) -> float | None:
    if started_at is None or finished_at is None:
        return None
    return max((finished_at - started_at).total_seconds(), 0.0)
