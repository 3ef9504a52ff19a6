"""What moves about runs without an event: progress, what they wait for, being late."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tasks.models import IS_RUNNING, Run, RunState
from tasks.queries.mark_of import mark_of
from tasks.queries.runs import RunLine

_COLUMNS = (
    "id",
    "progress_done",
    "progress_total",
    "progress_text",
    "reason_code",
    "next_attempt_at",
    "late_at",
)
_PROGRESS = select(*(getattr(Run, name) for name in _COLUMNS))
_MOVING = _PROGRESS.where(
    Run.id.in_(bindparam("ids", expanding=True)),
    Run.state.in_((RunState.QUEUED, RunState.RUNNING)),
)


def movement(session: Session, run_ids: Sequence[int]) -> str:
    """Return a mark that changes when one of these runs moves on; "" where all of them are over."""
    return _mark(tuple(row) for row in session.execute(_MOVING, {"ids": run_ids}))


def movement_of_running(session: Session, *, count: int) -> str:
    """Return the same mark of the first runs that are at work."""
    first = _PROGRESS.where(IS_RUNNING).order_by(Run.id).limit(count)
    return _mark(tuple(row) for row in session.execute(first))


def movement_of(lines: Iterable[RunLine]) -> str:
    """Return the same mark from lines that were read already."""
    return _mark(
        tuple(getattr(line, name) for name in _COLUMNS) for line in lines if not line.state.is_final
    )


def _mark(rows: Iterable[tuple[Any, ...]]) -> str:
    told = sorted(rows)
    return mark_of(told) if told else ""
