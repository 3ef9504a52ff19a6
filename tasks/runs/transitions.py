"""Every change of a run's state: one conditional UPDATE, with its event in the same transaction.

Losing such an UPDATE is normal: it answers None or False, and the loser steps back. What every run
says goes by the session's connection: through the session each statement would cost more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from tasks.db import db_now
from tasks.errors import Conflict, NotFound
from tasks.jobs.context import storable
from tasks.models import (
    IS_QUEUED,
    IS_RUNNING,
    Run,
    RunState,
)
from tasks.runs.outcome import Outcome, Recorded
from tasks.runs.statements import (
    ATTEMPT_BEGINS,
    ATTEMPT_ENDS,
    CLAIM,
    EVENT,
    NO_LEASE,
    RUN,
    RUN_ENDS,
    RUN_ENDS_UNASKED,
    RUN_WAITS_AGAIN_UNASKED,
)

CANCELLED = "It was cancelled while it ran."

FRESH = {"synchronize_session": False, "populate_existing": True}
"""The statement decides: what the session remembers of the row is replaced by what came back."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A run as the attempt that has just taken it needs it, without the cost of an ORM's object."""

    id: int
    attempt: int
    lease_until: datetime
    started_at: datetime
    task_definition_id: int
    task_version: int
    schedule_id: int | None
    scheduled_for: datetime
    parameters: dict[str, Any]
    only_to: str | None
    queue: str
    source: str | None


def claim(session: Session, run_id: int, *, owner: str, lease: timedelta) -> Claim | None:
    """Take a waiting run: the next attempt begins, under a lease by the database's clock."""
    given = {"run_id": run_id, "owner": owner, "lease": lease.total_seconds()}
    connection = session.connection()
    row = connection.execute(CLAIM, given).one_or_none()
    if row is None:
        return None
    claimed = Claim(**row._asdict())
    begins = {"run_id": run_id, "state": RunState.RUNNING, "attempt": claimed.attempt}
    connection.execute(EVENT, begins | {"actor": owner, "detail": ""})
    connection.execute(
        ATTEMPT_BEGINS,
        {
            "run_id": run_id,
            "number": claimed.attempt,
            "worker": owner,
            "started_at": claimed.started_at,
        },
    )
    return claimed


def write_event(session: Session, run: Run, *, actor: str, detail: str = "") -> None:
    """Append the event of a change just made, in its transaction."""
    event = {"run_id": run.id, "state": run.state, "attempt": run.attempt}
    session.execute(EVENT, event | {"actor": actor, "detail": detail})


def write_events(
    session: Session, runs: Sequence[tuple[int, RunState, str]], *, actor: str
) -> None:
    """Append the events of rows just written: their id, state and reason."""
    events = [
        {"run_id": run_id, "state": state, "attempt": 0, "actor": actor, "detail": reason}
        for run_id, state, reason in runs
    ]
    if events:
        session.execute(EVENT, events)


def extend_lease(
    session: Session,
    run_id: int,
    attempt: int,
    *,
    lease: timedelta,
    progress: Mapping[str, int | str | None] | None = None,
) -> bool | None:
    """Keep an attempt alive; True where its cancellation was asked for, None where it is fenced.

    `progress` holds new values of the columns `progress_…`, where there are any.
    """
    statement = (
        update(Run)
        .where(Run.id == run_id, Run.attempt == attempt, IS_RUNNING)
        .values(lease_until=db_now(lease), **(progress or {}))
        .returning(Run.cancel_requested_at)
    )
    row = session.execute(statement, execution_options={"synchronize_session": False}).one_or_none()
    return None if row is None else row.cancel_requested_at is not None


def finish(
    session: Session, run_id: int, attempt: int, outcome: Outcome, *, actor: str
) -> Recorded | None:
    """Record how an attempt ended; None where it was fenced: throw its result away."""
    recorded = _record(session, run_id, attempt, outcome, actor=actor)
    if recorded is not None and recorded.state is outcome.state:
        session.add_all(outcome.artifacts)
        session.add_all(outcome.deliveries)
        if outcome.result is not None:
            session.add(outcome.result)
    return recorded


def expire(session: Session, run: Run, outcome: Outcome, *, actor: str) -> Recorded | None:
    """Take a run away from an owner whose lease is over; None where the owner was quicker."""
    over = RUN.c.lease_until < db_now()
    return _record(session, run.id, run.attempt, outcome, actor=actor, only=(over,))


def give_back(session: Session, run: Run, outcome: Outcome, *, actor: str) -> Recorded | None:
    """Take a run away from an owner that has been stopped; None where it had ended before."""
    same = RUN.c.lease_owner == run.lease_owner
    return _record(session, run.id, run.attempt, outcome, actor=actor, only=(same,))


def skip_late(session: Session, run_id: int, *, reason: str) -> Run | None:
    """End a waiting run that may not start any more; None where it was claimed before."""
    waiting = [
        Run.id == run_id,
        IS_QUEUED,
        Run.attempt == 0,
        Run.start_by <= db_now(),
    ]
    ended = {"state": RunState.SKIPPED, "reason": reason, "reason_code": "deadline"}
    values = NO_LEASE | ended | {"finished_at": db_now(), "next_attempt_at": None}
    return _change(session, waiting, values, actor="reaper", detail=reason)


def request_cancel(
    session: Session, run_id: int, *, actor: str, now: datetime, why: str = ""
) -> Run:
    """Cancel a waiting run at once, or ask the worker of a running one to stop.

    Raises NotFound, and Conflict where the run has ended.
    """
    reason = why or f"Cancelled by {actor}."
    ended = {"state": RunState.CANCELLED, "reason": reason, "finished_at": now}
    waiting = _change(
        session,
        [Run.id == run_id, IS_QUEUED],
        NO_LEASE
        | ended
        | {"cancel_requested_at": now, "next_attempt_at": None, "reason_code": None},
        actor=actor,
        detail=reason,
    )
    if waiting is not None:
        return waiting
    running = _change(
        session,
        [Run.id == run_id, IS_RUNNING],
        {"cancel_requested_at": now, "reason": why or f"{actor} asked to cancel it."},
        actor=actor,
        detail=why or f"{actor} asked to cancel it.",
    )
    if running is not None:
        return running
    if (run := session.get(Run, run_id)) is None:
        raise NotFound("There is no run {id}.", id=run_id)
    raise Conflict("Run {id} has ended already ({state}).", id=run_id, state=run.state)


def _record(
    session: Session,
    run_id: int,
    attempt: int,
    outcome: Outcome,
    *,
    actor: str,
    only: Sequence[ColumnElement[bool]] = (),
) -> Recorded | None:
    """End the run, or let it wait for its next attempt; as cancelled, where that was asked for.

    Whoever was told that a run will be cancelled finds it cancelled, with nothing mailed, however
    near its end it was.
    """
    key = {"the_run": run_id, "the_attempt": attempt}
    connection = session.connection()
    recorded = _end_unless_asked(connection, key, outcome, only)
    if recorded is None:
        if outcome.state is not RunState.CANCELLED:
            outcome = Outcome(RunState.CANCELLED, reason=CANCELLED, rows=outcome.rows)
        recorded = _end(connection, RUN_ENDS, key, outcome, only)
        if recorded is None:
            return None
    connection.execute(EVENT, {
        "run_id": run_id, "state": recorded.state, "attempt": attempt, "actor": actor,
        "detail": storable(outcome.error or outcome.reason),
    })  # fmt: skip
    connection.execute(ATTEMPT_ENDS, key | _result(outcome) | _told(outcome))
    return recorded


def _end_unless_asked(
    connection: Connection,
    key: dict[str, int],
    outcome: Outcome,
    only: Sequence[ColumnElement[bool]],
) -> Recorded | None:
    if outcome.retry_in is None:
        return _end(connection, RUN_ENDS_UNASKED, key, outcome, only)
    given = key | _told(outcome) | {"wait": outcome.retry_in.total_seconds()}
    waits = connection.scalar(_narrowed(RUN_WAITS_AGAIN_UNASKED, only), given)
    return None if waits is None else Recorded(RunState.QUEUED)


def _end(
    connection: Connection,
    statement: ReturningUpdate[*tuple[Any, ...]],
    key: dict[str, int],
    outcome: Outcome,
    only: Sequence[ColumnElement[bool]],
) -> Recorded | None:
    given = key | _told(outcome) | _result(outcome)
    ended = connection.execute(_narrowed(statement, only), given).one_or_none()
    return None if ended is None else Recorded(outcome.state, *map(bool, ended))


def _narrowed(
    statement: ReturningUpdate[*tuple[Any, ...]], only: Sequence[ColumnElement[bool]]
) -> ReturningUpdate[*tuple[Any, ...]]:
    """Return the statement with the conditions; without any, the very one, whose key is known."""
    return statement.where(*only) if only else statement


def _result(outcome: Outcome) -> dict[str, Any]:
    return {"the_state": outcome.state, "the_rows": outcome.rows}


def _told(outcome: Outcome) -> dict[str, Any]:
    return {
        "the_reason": storable(outcome.reason),
        "the_kind": outcome.error_kind,
        "the_error": None if outcome.error is None else storable(outcome.error),
    }


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
