"""The figures that a monitoring system reads; each is one cheap query."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tasks.db import db_now
from tasks.models import Delivery, DeliveryState, Run, RunState, SchedulerMark, Worker
from tasks.queries.health import WORKER_SEEN_WITHIN

RECENTLY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Measures:
    """Counts, and ages in seconds; an age is None where there is nothing to be old."""

    queued: int
    running: int
    oldest_queued_seconds: float | None
    ended_last_hour: dict[str, int]
    tick_age_seconds: float | None
    workers: int
    open_deliveries: dict[str, int]


def measures(session: Session, now: datetime) -> Measures:
    """Read all figures."""
    open_runs = _by_state(session, Run.state, Run.state.in_((RunState.QUEUED, RunState.RUNNING)))
    ended = _by_state(session, Run.state, Run.finished_at > now - RECENTLY)
    waiting = [state for state in DeliveryState if not state.is_final]
    deliveries = _by_state(session, Delivery.state, Delivery.state.in_(waiting))
    oldest = session.scalar(select(func.min(Run.due_at)).where(Run.state == RunState.QUEUED))
    tick = session.scalar(select(SchedulerMark.at).where(SchedulerMark.name == "tick"))
    seen = select(func.count()).where(Worker.last_seen_at > db_now(-WORKER_SEEN_WITHIN))
    return Measures(
        queued=open_runs.get(RunState.QUEUED, 0),
        running=open_runs.get(RunState.RUNNING, 0),
        oldest_queued_seconds=_age(oldest, now),
        ended_last_hour={state: ended.get(state, 0) for state in RunState if state.is_final},
        tick_age_seconds=_age(tick, now),
        workers=session.scalar(seen) or 0,
        open_deliveries={state: deliveries.get(state, 0) for state in waiting},
    )


def _by_state(
    session: Session, column: InstrumentedAttribute[Any], condition: ColumnElement[bool]
) -> dict[str, int]:
    query = select(column, func.count()).where(condition).group_by(column)
    return dict(session.execute(query).all())


def _age(at: datetime | None, now: datetime) -> float | None:
    return None if at is None else max((now - at).total_seconds(), 0.0)
