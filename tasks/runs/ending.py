"""The end of an attempt, and what follows from it in the same transaction."""

from datetime import timedelta

from sqlalchemy.orm import Session

from tasks.chains import promise_next
from tasks.clock import utcnow
from tasks.errors import ErrorKind, mark
from tasks.incidents.ends import FAILURES, run_ended
from tasks.models import Run, RunState, TaskDefinition
from tasks.runs.outcome import Outcome, Recorded
from tasks.runs.transitions import CANCELLED, finish

OUT_OF_TIME = mark("It ran longer than its time limit.")
CONFIRMED = mark(
    "It was cancelled while it ran; the database confirmed that its statement was stopped."
)
UNCONFIRMED = mark(
    "It was cancelled while it ran; the database has not confirmed that its statement was stopped."
)
DIED_CANCELLED = mark("It was cancelled; its worker has died.")


def end_attempt(
    session: Session, run_id: int, attempt: int, outcome: Outcome, *, actor: str
) -> Recorded | None:
    """Record how an attempt ended and promise what follows; None where it was fenced."""
    return followed(session, run_id, finish(session, run_id, attempt, outcome, actor=actor))


def followed(session: Session, run_id: int, recorded: Recorded | None) -> Recorded | None:
    """Promise the next runs of a run that has come to its end, and tell news of its task."""
    if recorded is None:
        return None
    if recorded.is_followed:
        promise_next(session, session.get_one(Run, run_id, populate_existing=True), now=utcnow())
    if recorded.is_in_incident or recorded.state in FAILURES:
        run_ended(session, run_id, now=utcnow())
    return recorded


def timed_out() -> Outcome:
    """How an attempt ends that ran too long."""
    return Outcome(RunState.TIMED_OUT, error=OUT_OF_TIME)


def cancelled(confirmed: bool | None) -> Outcome:
    """How a cancelled attempt ends; `confirmed` is None where it had no statement to stop."""
    reasons = {None: CANCELLED, True: CONFIRMED, False: UNCONFIRMED}
    return Outcome(RunState.CANCELLED, reason=reasons[confirmed])


def broken_off(run: Run, task: TaskDefinition, error: str) -> Outcome:
    """How an attempt ends whose worker is gone: with another one, where the task allows it."""
    if run.cancel_requested_at is not None:
        return Outcome(RunState.CANCELLED, reason=DIED_CANCELLED)
    may_repeat = task.safe_to_repeat and ErrorKind.WORKER_LOST in task.retry_on
    again = may_repeat and run.attempt < task.max_attempts
    reason = f"Attempt {run.attempt} of {task.max_attempts} died; the next one follows."
    return Outcome(
        RunState.LOST,
        reason=reason if again else "",
        error_kind=ErrorKind.WORKER_LOST,
        error=error,
        retry_in=timedelta() if again else None,
    )
