"""The story of one attempt: claim, do the job, keep its files, plan the deliveries, finish."""

import errno
import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from logging import getLogger

from tasks.db import transaction
from tasks.deliveries import plan
from tasks.errors import ErrorKind, Invalid, JobError, mark
from tasks.jobs.registry import JobContext, JobResult, Result, find_job
from tasks.keeping.remote import is_there
from tasks.keeping.stores import bring_to_store
from tasks.log import LineFormatter, known_secrets
from tasks.models import RunResult, RunState
from tasks.models.task import NEVER_REPEATED, TRANSIENT_KINDS
from tasks.patience import patiently
from tasks.runs.claiming import Claimed, take
from tasks.runs.ending import end_attempt
from tasks.runs.files import attempt_folder, attempt_log_path, keep
from tasks.runs.lease import Pulse, StopReason, stopped_outcome
from tasks.runs.leftovers import delete_copies, delete_leftovers
from tasks.runs.outcome import Outcome, Recorded
from tasks.runs.transitions import Claim
from tasks.settings import settings

log = getLogger(__name__)

NO_SPACE_LEFT = (errno.ENOSPC, errno.EDQUOT)
DISK_FULL = mark(
    "The disk is full: what the run makes could not be written. Free space in the folder of "
    "artifacts on the server; the run can then be tried again."
)


def perform(run_id: int, *, worker: str) -> bool:
    """Make one attempt of the run, if it still waits for one.

    Returns whether it ended well and nothing follows from that: no letter, and no other run.
    """
    claimed = take(run_id, worker)
    if claimed is None:
        log.info("message was old", extra={"run_id": run_id})
        return False
    try:
        outcome = _attempt(claimed)
    except OSError as error:
        outcome = _without_log(claimed, error)
    ended = None if outcome is None else _finish(claimed, outcome, worker)
    if outcome is None or ended is None or ended.state is not RunState.SUCCEEDED:
        delete_leftovers(claimed.run.id, claimed.run.attempt, in_store=True)
        return False
    if is_there():
        delete_copies(claimed.run.id, claimed.run.attempt)
    return not (ended.is_followed or outcome.deliveries)


def _attempt(claimed: Claimed) -> Outcome | None:
    """Do the job and say how it ended; None where another worker has taken the run over."""
    run, task = claimed.run, claimed.task
    timeout = timedelta(seconds=task.timeout_seconds)
    with _attempt_log(run) as attempt_log:
        attempt_log.info("attempt started", extra={"attempt": run.attempt, "task": task.slug})
        context = _context(claimed, attempt_log, stopped=lambda: pulse.stopped is not None)
        pulse = Pulse(run.id, run.attempt, context, timeout=timeout)
        try:
            with pulse:
                outcome = _succeeded(claimed, find_job(task.job).perform(context))
        except Exception as error:  # noqa: BLE001 (recorded on the run, and in its log)
            if pulse.stopped is None:
                outcome = _explained(claimed, error, attempt_log)
            elif pulse.stopped is StopReason.FENCED:
                attempt_log.warning("attempt fenced")
                return None
            else:
                outcome = stopped_outcome(pulse.stopped, context.confirmed)
        _tell(attempt_log, outcome)
    return outcome


def _context(
    claimed: Claimed, attempt_log: logging.Logger, *, stopped: Callable[[], bool]
) -> JobContext:
    run, task = claimed.run, claimed.task
    return JobContext(
        slug=task.slug,
        title=task.title,
        settings=task.settings,
        parameter_definitions=task.parameters,
        parameters=run.parameters,
        scheduled_for=claimed.scheduled_for,
        log=attempt_log,
        stopped=stopped,
        _folder=attempt_folder(run.id, run.attempt),
        run_id=run.id,
        attempt=run.attempt,
        only_to=run.only_to,
    )


def _succeeded(claimed: Claimed, result: JobResult) -> Outcome:
    run = claimed.run
    artifacts = [keep(file, run_id=run.id, attempt=run.attempt) for file in result.files]
    bring_to_store(artifacts)
    return Outcome(
        RunState.SUCCEEDED,
        reason=result.reason,
        rows=result.rows,
        artifacts=artifacts,
        deliveries=plan(run.id, result.letters, result.files),
        result=_result(run, result.result),
    )


def _result(run: Claim, result: Result | None) -> RunResult | None:
    if result is None:
        return None
    return RunResult(
        run_id=run.id,
        attempt=run.attempt,
        rows=result.rows,
        digest=result.digest,
        figures=dict(result.figures),
        was_to_send=result.was_to_send,
    )


def _failed(claimed: Claimed, message: str, *, kind: ErrorKind, transient: bool = False) -> Outcome:
    run, task = claimed.run, claimed.task
    helps = transient or kind not in (*TRANSIENT_KINDS, *NEVER_REPEATED)
    may_repeat = helps and task.safe_to_repeat and kind in task.retry_on
    if may_repeat and run.attempt < task.max_attempts:
        wait = task.retry_delay(attempt=run.attempt)
        reason = f"Attempt {run.attempt} of {task.max_attempts} failed; it will be tried again."
        return Outcome(
            RunState.FAILED, reason=reason, error_kind=kind, error=message, retry_in=wait
        )
    return Outcome(RunState.FAILED, error_kind=kind, error=message)


def _explained(claimed: Claimed, error: Exception, attempt_log: logging.Logger) -> Outcome:
    if isinstance(error, JobError):
        return _failed(claimed, error.message, kind=error.kind, transient=error.transient)
    if isinstance(error, Invalid):
        return _failed(claimed, error.message, kind=ErrorKind.PARAMETER)
    if isinstance(error, OSError) and error.errno in NO_SPACE_LEFT:
        return _failed(claimed, DISK_FULL, kind=ErrorKind.NO_SPACE, transient=True)
    attempt_log.error("%s", "".join(traceback.format_exception(error)))
    log.error("job broke", exc_info=error, extra={"run_id": claimed.run.id})
    message = (
        f"The job broke with {type(error).__name__}. This is a fault of the program: "
        "the log of the attempt tells more."
    )
    return _failed(claimed, message, kind=ErrorKind.INTERNAL)


def _without_log(claimed: Claimed, error: OSError) -> Outcome:
    """The attempt's log or folder could not be made: most often the disk is full."""
    full = error.errno in NO_SPACE_LEFT
    return _failed(
        claimed,
        f"The log of the attempt could not be written on the server: {error.strerror}.",
        kind=ErrorKind.NO_SPACE if full else ErrorKind.INTERNAL,
        transient=full,
    )


def _finish(claimed: Claimed, outcome: Outcome, worker: str) -> Recorded | None:
    """Record the outcome, trying again while our own database is away and the lease still holds.

    Returns None where the attempt was fenced.
    """
    run = claimed.run

    def end() -> Recorded | None:
        with transaction() as session:
            return end_attempt(session, run.id, run.attempt, outcome, actor=worker)

    kept = patiently(end, seconds=settings().lease_seconds)
    log.info(
        "attempt finished" if kept else "attempt fenced",
        extra={"run_id": run.id, "attempt": run.attempt, "state": outcome.state},
    )
    return kept


def _tell(attempt_log: logging.Logger, outcome: Outcome) -> None:
    fields = {"state": outcome.state, "rows": outcome.rows}
    if outcome.error:
        attempt_log.error(outcome.error, extra=fields)
    else:
        attempt_log.info("attempt ended", extra=fields)


@contextmanager
def _attempt_log(run: Claim) -> Iterator[logging.Logger]:
    """Open the log of one attempt: a file of its own, which the run's page shows as it grows."""
    path = attempt_log_path(run.id, run.attempt)
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(LineFormatter(settings().zone, known_secrets(settings()), brief=True))
    attempt_log = logging.Logger("tasks.run", level=logging.INFO)
    attempt_log.addHandler(handler)
    try:
        yield attempt_log
    finally:
        handler.close()
