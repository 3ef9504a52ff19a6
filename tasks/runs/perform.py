"""The story of one attempt: claim, do the job, keep its files, plan the deliveries, finish."""

import errno
import logging
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from logging import getLogger

from sqlalchemy.exc import DBAPIError

from tasks.db import transaction
from tasks.deliveries import plan
from tasks.errors import ErrorKind, Invalid, JobError
from tasks.jobs.registry import JobContext, JobResult, find_job
from tasks.log import LineFormatter, known_secrets
from tasks.models import Run, RunState, Schedule, TaskDefinition
from tasks.models.task import NEVER_REPEATED, TRANSIENT_KINDS
from tasks.runs.files import attempt_folder, attempt_log_path, keep
from tasks.runs.lease import Pulse, StopReason, stopped_outcome
from tasks.runs.transitions import Outcome, claim, finish
from tasks.scheduling.cron import zone
from tasks.settings import settings

log = getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A run that this process holds, with what its attempt needs."""

    run: Run
    task: TaskDefinition
    timezone: str

    @property
    def scheduled_for(self) -> datetime:
        """The instant that was meant, in the zone in which it was meant."""
        return self.run.scheduled_for.astimezone(zone(self.timezone))


def perform(run_id: int, *, worker: str) -> None:
    """Make one attempt of the run, if it still waits for one."""
    claimed = _claim(run_id, worker)
    if claimed is None:
        log.info("message was old", extra={"run_id": run_id})
        return
    try:
        outcome = _attempt(claimed)
    except OSError as error:
        outcome = _without_log(claimed, error)
    if outcome is not None:
        _finish(claimed, outcome, worker)


def _claim(run_id: int, worker: str) -> Claimed | None:
    lease = timedelta(seconds=settings().lease_seconds)
    with transaction() as session:
        run = claim(session, run_id, owner=worker, lease=lease)
        if run is None:
            return None
        task = session.get_one(TaskDefinition, run.task_definition_id)
        run.task_version = task.version
        schedule = session.get(Schedule, run.schedule_id) if run.schedule_id else None
        timezone = schedule.timezone if schedule else settings().timezone
    return Claimed(run, task, timezone)


def _attempt(claimed: Claimed) -> Outcome | None:
    """Do the job and say how it ended; None where another worker has taken the run over."""
    run, task = claimed.run, claimed.task
    pulse = Pulse(
        run.id,
        run.attempt,
        lease=timedelta(seconds=settings().lease_seconds),
        timeout=timedelta(seconds=task.timeout_seconds),
    )
    with _attempt_log(run) as attempt_log:
        attempt_log.info("attempt started", extra={"attempt": run.attempt, "task": task.slug})
        context = _context(claimed, pulse, attempt_log)
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
                outcome = stopped_outcome(pulse.stopped)
        _tell(attempt_log, outcome)
    return outcome


def _context(claimed: Claimed, pulse: Pulse, attempt_log: logging.Logger) -> JobContext:
    run, task = claimed.run, claimed.task
    context = JobContext(
        slug=task.slug,
        title=task.title,
        settings=task.settings,
        parameter_definitions=task.parameters,
        parameters=run.parameters,
        scheduled_for=claimed.scheduled_for,
        log=attempt_log,
        stopped=lambda: pulse.stopped is not None,
        _folder=attempt_folder(run.id, run.attempt),
    )
    pulse.watch(context.interrupt)
    return context


def _succeeded(claimed: Claimed, result: JobResult) -> Outcome:
    run = claimed.run
    return Outcome(
        RunState.SUCCEEDED,
        reason=result.reason,
        rows=result.rows,
        artifacts=[keep(file, run_id=run.id, attempt=run.attempt) for file in result.files],
        deliveries=plan(run.id, result.letters),
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
    attempt_log.error("%s", "".join(traceback.format_exception(error)))
    log.error("job broke", exc_info=error, extra={"run_id": claimed.run.id})
    message = (
        f"The job broke with {type(error).__name__}. This is a fault of the program: "
        "the log of the attempt tells more."
    )
    return _failed(claimed, message, kind=ErrorKind.INTERNAL)


def _without_log(claimed: Claimed, error: OSError) -> Outcome:
    """The attempt's log or folder could not be made: most often the disk is full."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    return _failed(
        claimed,
        f"The log of the attempt could not be written on the server: {error.strerror}.",
        kind=ErrorKind.NO_SPACE if full else ErrorKind.INTERNAL,
        transient=full,
    )


def _finish(claimed: Claimed, outcome: Outcome, worker: str) -> None:
    """Record the outcome, trying again while our own database is away and the lease still holds."""
    run = claimed.run
    until = time.monotonic() + settings().lease_seconds
    while True:
        try:
            with transaction() as session:
                kept = finish(session, run.id, run.attempt, outcome, actor=worker)
        except DBAPIError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
            continue
        log.info(
            "attempt finished" if kept else "attempt fenced",
            extra={"run_id": run.id, "attempt": run.attempt, "state": outcome.state},
        )
        return


def _tell(attempt_log: logging.Logger, outcome: Outcome) -> None:
    fields = {"state": outcome.state, "rows": outcome.rows}
    if outcome.error:
        attempt_log.error(outcome.error, extra=fields)
    else:
        attempt_log.info("attempt ended", extra=fields)


@contextmanager
def _attempt_log(run: Run) -> Iterator[logging.Logger]:
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
