"""The figures that a monitoring system reads; each is one cheap query."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tasks.db import db_now
from tasks.incidents.deliveries import NOT_ARRIVED
from tasks.keeping.disk import MEGABYTE, free_megabytes
from tasks.models import (
    IS_HELD,
    AlertMail,
    AlertMailState,
    Delivery,
    DeliveryState,
    Incident,
    Queue,
    Run,
    RunState,
    Worker,
)
from tasks.queries.deliveries import first_after
from tasks.queries.health import TICK_WITHIN, WORKER_SEEN_WITHIN, mark_at
from tasks.queries.queues import HELD_FOR
from tasks.queries.ready import oldest_ready

RECENTLY = timedelta(hours=1)
STILL_SENT = timedelta(days=7)
"""What was planned before is tried no more; without a bound all that ever failed would be read."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Counts, and ages in seconds; an age is None where there is nothing to be old."""

    queued: int
    ready: int
    held: dict[str, int]
    """What waits for something else than a worker, by the code of its reason."""
    running: int
    oldest_ready_seconds: float | None
    ended_last_hour: dict[str, int]
    tick_age_seconds: float | None
    workers: int
    open_deliveries: dict[str, int]
    oldest_delivery_seconds: float | None
    """Since when the delivery was planned that has not ended for longest."""
    lost_deliveries_last_hour: dict[str, int]
    """What failed for good or ended in doubt, of what was planned within a week."""
    open_incidents: int
    free_bytes: int | None
    """In the home folder of this machine; None where it cannot be read."""
    paused_queues: int
    alerts: dict[str, int]
    epoch_age_seconds: float | None
    """Since when the broker has kept its messages, as far as the scheduler knows."""

    @property
    def is_silent(self) -> bool:
        """Whether the scheduler has not ticked for too long, or never did."""
        age = self.tick_age_seconds
        return age is None or age >= TICK_WITHIN.total_seconds()


def measures(session: Session, now: datetime) -> Measures:
    """Read all figures."""
    open_runs = _by_state(session, Run.state, Run.state.in_((RunState.QUEUED, RunState.RUNNING)))
    ended = _by_state(session, Run.state, Run.finished_at > now - RECENTLY)
    waiting = [state for state in DeliveryState if not state.is_final]
    deliveries = _by_state(session, Delivery.state, Delivery.state.in_(waiting))
    lately = (Delivery.id >= first_after(session, now - STILL_SENT), *_lost_after(now - RECENTLY))
    lost = _by_state(session, Delivery.state, and_(*lately))
    oldest = select(func.min(Delivery.created_at)).where(Delivery.state.in_(waiting))
    incidents = select(func.count()).where(Incident.closed_at.is_(None))
    held = _by_state(session, Run.reason_code, IS_HELD)
    unsent = [state for state in AlertMailState if state != AlertMailState.SENT]
    alerts = _by_state(session, AlertMail.state, AlertMail.state.in_(unsent))
    seen = select(func.count()).where(Worker.last_seen_at > db_now(-WORKER_SEEN_WITHIN))
    return Measures(
        queued=open_runs.get(RunState.QUEUED, 0),
        ready=open_runs.get(RunState.QUEUED, 0) - sum(held.values()),
        held={code: held.get(code, 0) for code in HELD_FOR},
        running=open_runs.get(RunState.RUNNING, 0),
        oldest_ready_seconds=_age(oldest_ready(session), now),
        ended_last_hour={state: ended.get(state, 0) for state in RunState if state.is_final},
        tick_age_seconds=_age(mark_at(session, "tick"), now),
        workers=session.scalar(seen) or 0,
        open_deliveries={state: deliveries.get(state, 0) for state in waiting},
        oldest_delivery_seconds=_age(session.scalar(oldest), now),
        lost_deliveries_last_hour={state: lost.get(state, 0) for state in NOT_ARRIVED},
        open_incidents=session.scalar(incidents) or 0,
        free_bytes=_free_bytes(),
        paused_queues=session.scalar(select(func.count()).where(Queue.paused)) or 0,
        alerts={state: alerts.get(state, 0) for state in unsent},
        epoch_age_seconds=_age(mark_at(session, "epoch"), now),
    )


def _by_state(
    session: Session, column: InstrumentedAttribute[Any], condition: ColumnElement[bool]
) -> dict[str, int]:
    query = select(column, func.count()).where(condition).group_by(column)
    return dict(session.execute(query).all())


def _lost_after(instant: datetime) -> tuple[ColumnElement[bool], ...]:
    return Delivery.state.in_(NOT_ARRIVED), Delivery.updated_at > instant


def _free_bytes() -> int | None:
    try:
        return free_megabytes() * MEGABYTE
    except OSError:
        return None


def _age(at: datetime | None, now: datetime) -> float | None:
    return None if at is None else max((now - at).total_seconds(), 0.0)
