"""Every change of a run's state: one conditional UPDATE, with its event in the same transaction.

Losing such an UPDATE is normal: it answers None or False, and the loser steps back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Float, bindparam, insert, or_, update
from sqlalchemy.orm import Session

from tasks.db import db_now
from tasks.errors import Conflict, ErrorKind, NotFound
from tasks.models import Artifact, Attempt, Base, Delivery, Run, RunState

NO_LEASE: dict[str, Any] = {
    "lease_owner": None,
    "lease_until": None,
    "published_at": None,
    "republish_at": None,
    "publications": 0,
}


CANCELLED = "It was cancelled while it ran."

FRESH = {"synchronize_session": False, "populate_existing": True}
"""The statement decides: what the session remembers of the row is replaced by what came back."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended, with everything that becomes visible at once when it is recorded."""

    state: RunState
    reason: str = ""
    rows: int | None = None
    error_kind: ErrorKind | None = None
    error: str | None = None
    artifacts: Sequence[Artifact] = field(default=())
    deliveries: Sequence[Delivery] = field(default=())
    retry_in: timedelta | None = None
    """Where set, the run waits this long for its next attempt instead of ending."""


# Plain INSERTs, prepared once: they stand between a click and its job.
_EVENT = insert(Base.metadata.tables["run_event"])
_ATTEMPT = insert(Base.metadata.tables["attempt"])

_CLAIM = (
    update(Run)
    .where(
        Run.id == bindparam("run_id"),
        Run.state == RunState.QUEUED,
        or_(Run.next_attempt_at.is_(None), Run.next_attempt_at <= db_now()),
    )
    .values(
        NO_LEASE
        | {
            "state": RunState.RUNNING,
            "reason": "",
            "reason_code": None,
            "attempt": Run.attempt + 1,
            "lease_owner": bindparam("owner"),
            "lease_until": db_now(bindparam("lease", type_=Float())),
            "next_attempt_at": None,
            "started_at": db_now(),
        }
    )
    .returning(Run)
)


def claim(session: Session, run_id: int, *, owner: str, lease: timedelta) -> Run | None:
    """Take a waiting run: the next attempt begins, under a lease by the database's clock."""
    given = {"run_id": run_id, "owner": owner, "lease": lease.total_seconds()}
    run = session.scalars(_CLAIM, given, execution_options=FRESH).one_or_none()
    if run is None:
        return None
    write_event(session, run, actor=owner)
    session.execute(
        _ATTEMPT,
        {"run_id": run.id, "number": run.attempt, "worker": owner, "started_at": run.started_at},
    )
    return run


def write_event(session: Session, run: Run, *, actor: str, detail: str = "") -> None:
    """Append the event of a change just made, in its transaction."""
    event = {"run_id": run.id, "state": run.state, "attempt": run.attempt}
    session.execute(_EVENT, event | {"actor": actor, "detail": detail})


def extend_lease(session: Session, run_id: int, attempt: int, *, lease: timedelta) -> bool | None:
    """Keep an attempt alive; True where its cancellation was asked for, None where it is fenced."""
    statement = (
        update(Run)
        .where(Run.id == run_id, Run.attempt == attempt, Run.state == RunState.RUNNING)
        .values(lease_until=db_now(lease))
        .returning(Run.cancel_requested_at)
    )
    row = session.execute(statement, execution_options={"synchronize_session": False}).one_or_none()
    return None if row is None else row.cancel_requested_at is not None


def finish(session: Session, run_id: int, attempt: int, outcome: Outcome, *, actor: str) -> bool:
    """Record how an attempt ended; False where it was fenced: throw its result away."""
    mine = [Run.id == run_id, Run.attempt == attempt, Run.state == RunState.RUNNING]
    if not _record(session, mine, outcome, actor=actor):
        return False
    _close_attempt(session, run_id, attempt, outcome)
    session.add_all(outcome.artifacts)
    session.add_all(outcome.deliveries)
    return True


def expire(session: Session, run: Run, outcome: Outcome, *, actor: str) -> bool:
    """Take a run away from an owner whose lease is over; False where the owner was quicker."""
    expired = [
        Run.id == run.id,
        Run.attempt == run.attempt,
        Run.state == RunState.RUNNING,
        Run.lease_until < db_now(),
    ]
    if not _record(session, expired, outcome, actor=actor):
        return False
    _close_attempt(session, run.id, run.attempt, outcome)
    return True


def request_cancel(session: Session, run_id: int, *, actor: str, now: datetime) -> Run:
    """Cancel a waiting run at once, or ask the worker of a running one to stop.

    Raises NotFound, and Conflict where the run has ended.
    """
    reason = f"Cancelled by {actor}."
    ended = {"state": RunState.CANCELLED, "reason": reason, "finished_at": now}
    waiting = _change(
        session,
        [Run.id == run_id, Run.state == RunState.QUEUED],
        NO_LEASE | ended | {"cancel_requested_at": now, "next_attempt_at": None},
        actor=actor,
        detail=reason,
    )
    if waiting is not None:
        return waiting
    running = _change(
        session,
        [Run.id == run_id, Run.state == RunState.RUNNING],
        {"cancel_requested_at": now, "reason": f"{actor} asked to cancel it."},
        actor=actor,
        detail=f"{actor} asked to cancel it.",
    )
    if running is not None:
        return running
    if (run := session.get(Run, run_id)) is None:
        raise NotFound("There is no run {id}.", id=run_id)
    raise Conflict("Run {id} has ended already ({state}).", id=run_id, state=run.state)


def _record(
    session: Session, conditions: list[ColumnElement[bool]], outcome: Outcome, *, actor: str
) -> bool:
    """End the run, or let it wait for its next attempt unless its cancellation was asked for."""
    detail = outcome.error or outcome.reason
    if outcome.retry_in is not None:
        waiting = _waiting_again(outcome)
        unasked = Run.cancel_requested_at.is_(None)
        if _change(session, [*conditions, unasked], waiting, actor=actor, detail=detail):
            return True
        outcome = replace(outcome, state=RunState.CANCELLED, reason=CANCELLED, retry_in=None)
        detail = CANCELLED
    return _change(session, conditions, _ended(outcome), actor=actor, detail=detail) is not None


def _ended(outcome: Outcome) -> dict[str, Any]:
    return NO_LEASE | {
        "state": outcome.state,
        "reason": outcome.reason,
        "rows": outcome.rows,
        "error_kind": outcome.error_kind,
        "error": outcome.error,
        "finished_at": db_now(),
    }


def _waiting_again(outcome: Outcome) -> dict[str, Any]:
    return NO_LEASE | {
        "state": RunState.QUEUED,
        "reason": outcome.reason,
        "reason_code": "retry",
        "error_kind": outcome.error_kind,
        "error": outcome.error,
        "next_attempt_at": db_now(outcome.retry_in or timedelta()),
    }


def _close_attempt(session: Session, run_id: int, attempt: int, outcome: Outcome) -> None:
    session.execute(
        update(Attempt)
        .where(Attempt.run_id == run_id, Attempt.number == attempt)
        .values(
            state=outcome.state,
            finished_at=db_now(),
            rows=outcome.rows,
            error_kind=outcome.error_kind,
            error=outcome.error,
        )
        .execution_options(synchronize_session=False)
    )


def _change(
    session: Session,
    conditions: Sequence[ColumnElement[bool]],
    values: dict[str, Any],
    *,
    actor: str,
    detail: str = "",
) -> Run | None:
    """Change the one run that meets the conditions and write the event; None where none does."""
    run = session.scalars(
        update(Run).where(*conditions).values(**values).returning(Run), execution_options=FRESH
    ).one_or_none()
    if run is not None:
        write_event(session, run, actor=actor, detail=detail)
    return run
