"""What a queued run waits for: its code and its reason change, with an event, the state stays."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tasks.models import IS_HELD, IS_READY, Run, RunState
from tasks.runs.statements import EVENT, NOT_TOLD


def hold(
    session: Session,
    run_ids: Sequence[int],
    *,
    code: str,
    reason: str,
    of_now: Mapping[str, Any] | None = None,
) -> int:
    """Let those of the runs that are ready wait for what `code` names; returns how many.

    The state stays, yet an event tells why they wait. `of_now` holds columns that change with it.
    """
    held = session.execute(
        update(Run)
        .where(Run.id.in_(_lock(session, run_ids)), IS_READY)
        .values(NOT_TOLD | dict(of_now or {}) | {"reason_code": code, "reason": reason})
        .returning(Run.id, Run.attempt),
        execution_options={"synchronize_session": False},
    ).all()
    event = {"state": RunState.QUEUED, "actor": "", "detail": reason}
    events = [event | {"run_id": run_id, "attempt": attempt} for run_id, attempt in held]
    if events:
        session.execute(EVENT, events)
    return len(events)


def release(session: Session, run_ids: Sequence[int], *, code: str) -> int:
    """Make those of the runs ready that wait for what `code` names; returns how many."""
    released = session.execute(
        update(Run)
        .where(Run.id.in_(_lock(session, run_ids)), IS_HELD, Run.reason_code == code)
        .values(reason="", reason_code=None, next_attempt_at=None)
        .returning(Run.id),
        execution_options={"synchronize_session": False},
    )
    return len(released.all())


def _lock(session: Session, run_ids: Sequence[int]) -> Sequence[int]:
    """Lock the runs but those that somebody else is changing, and return their ids.

    Two that wait for each other's rows would else be a deadlock; the next pass looks again.
    """
    runs = select(Run.id).where(Run.id.in_(run_ids))
    return session.scalars(runs.with_for_update(key_share=True, skip_locked=True)).all()
