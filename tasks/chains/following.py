"""What follows a run that has ended, promised in the transaction of its end."""

from collections.abc import Mapping
from datetime import datetime
from logging import getLogger

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.orm import Session, joinedload

from tasks.chains.bounds import descent_of
from tasks.chains.content import ChainValue, RunFact
from tasks.errors import Conflict, ErrorKind, Invalid, mark
from tasks.incidents.ends import run_ended
from tasks.models import ChainOn, Run, RunState, Schedule, TaskChain, Trigger
from tasks.models.base import JsonObject
from tasks.queries.meant import meant_of
from tasks.reports.meant import Meant
from tasks.reports.parameters import (
    ParameterDefinition,
    as_used,
    definitions_of,
    minds_history,
)
from tasks.runs.promise import promise, write_ended
from tasks.scheduling.instants import zone
from tasks.settings import settings

log = getLogger(__name__)

AFTER = {
    RunState.SUCCEEDED: ChainOn.SUCCESS,
    RunState.FAILED: ChainOn.FAILURE,
    RunState.TIMED_OUT: ChainOn.FAILURE,
    RunState.LOST: ChainOn.FAILURE,
}
UNREADABLE = mark(
    "What “{first}” hands on to “{following}” cannot be read. Save both tasks again on their pages."
)
BROKEN = mark(
    "“{following}” could not be started after “{first}”. This is a fault of the program: the log "
    "of the server tells more."
)

OF_A_ROW = (DataError, IntegrityError, ProgrammingError)
"""What the database says of one row or statement; all else is trouble of its own."""


def promise_next(session: Session, run: Run, *, now: datetime) -> list[Run]:
    """Promise the runs that follow the end of this one, each once however often it is told.

    Where a next run cannot be promised, its row says why. Nothing follows a trial. Runs are
    dispatched by the caller.
    """
    on = AFTER.get(run.state)
    if on is None or run.only_to is not None:
        return []
    chains = session.scalars(
        select(TaskChain)
        .where(TaskChain.task_definition_id == run.task_definition_id, TaskChain.on == on)
        .options(joinedload(TaskChain.task), joinedload(TaskChain.next_task))
        .order_by(TaskChain.id)
    ).all()
    if not chains:
        return []
    descent = descent_of(session, run)
    followed = [
        _follow(session, chain, run, now, descent.refusal(further=number))
        for number, chain in enumerate(chains)
    ]
    return [one for one in followed if one is not None]


def _follow(
    session: Session, chain: TaskChain, run: Run, now: datetime, refusal: str
) -> Run | None:
    """Promise what follows, or write why not; nothing that is wrong with it undoes this end."""
    try:
        with session.begin_nested():
            return _next_run(session, chain, run, now, refusal)
    except Exception as error:  # noqa: BLE001 (told in the next run's row, and in the log)
        _tell(error, chain, run)
        return _broken(session, chain, run, now)


def _broken(session: Session, chain: TaskChain, run: Run, now: datetime) -> Run | None:
    """Write the next run as failed by a fault of ours; None where only the log can tell."""
    titles = {"first": chain.task.title, "following": chain.next_task.title}
    problem = BROKEN.format(**titles)
    try:
        with session.begin_nested():
            return _failed(session, chain, run, now, {}, problem, kind=ErrorKind.INTERNAL)
    except Exception as error:  # noqa: BLE001 (told in the log: there is no row to tell it)
        _tell(error, chain, run)
        return None


def _tell(error: Exception, chain: TaskChain, run: Run) -> None:
    """Log what broke; trouble of our own database is raised, for the end to be tried again."""
    if isinstance(error, DBAPIError) and not isinstance(error, OF_A_ROW):
        raise error
    told = {"run_id": run.id, "chain_id": chain.id}
    log.error("next run not promised", exc_info=error, extra=told)


def _next_run(
    session: Session, chain: TaskChain, run: Run, now: datetime, refusal: str
) -> Run | None:
    task = chain.next_task
    if (known := _told_before(session, chain, run)) is not None:
        return known
    if not task.is_active:
        return _skipped(session, chain, run, now, "off", "The task is switched off.")
    if refusal:
        return _skipped(session, chain, run, now, "loop", refusal)
    given: Mapping[str, object] = {}
    try:
        given = _parameters(session, chain, run)
        return promise(
            session,
            task,
            trigger=Trigger.TASK,
            triggered_by=chain.task.slug,
            parameters=given,
            now=now,
            scheduled_for=run.scheduled_for,
            request_key=_key(chain, run),
            cause=run,
        )
    except Conflict as problem:
        return _skipped(session, chain, run, now, "overlap", problem.message)
    except Invalid as problem:
        return _failed(session, chain, run, now, given, problem.message)
    except ValidationError:  # somebody edited a row by hand
        titles = {"first": chain.task.title, "following": task.title}
        return _failed(session, chain, run, now, given, UNREADABLE.format(**titles))


def _told_before(session: Session, chain: TaskChain, run: Run) -> Run | None:
    """Return what this end has promised already, which must not make way for itself."""
    return session.scalars(
        select(Run).where(
            Run.cause_id == run.id,
            Run.task_definition_id == chain.next_task_id,
            Run.trigger == Trigger.TASK,
        )
    ).one_or_none()


def _skipped(
    session: Session, chain: TaskChain, run: Run, now: datetime, code: str, reason: str
) -> Run | None:
    ended = {"state": RunState.SKIPPED, "reason_code": code, "reason": reason}
    return _write(session, chain, run, now, {}, ended)


def _failed(
    session: Session,
    chain: TaskChain,
    run: Run,
    now: datetime,
    given: Mapping[str, object],
    problem: str,
    *,
    kind: ErrorKind = ErrorKind.PARAMETER,
) -> Run | None:
    """Write the next run as failed, and promise what follows this end of it."""
    error = {"error_kind": kind, "error": problem}
    failed = _write(session, chain, run, now, given, {"state": RunState.FAILED} | error)
    if failed is not None:
        promise_next(session, failed, now=now)
        run_ended(session, failed.id, now=now)
    return failed


def _write(
    session: Session,
    chain: TaskChain,
    run: Run,
    now: datetime,
    given: Mapping[str, object],
    ended: JsonObject,
) -> Run | None:
    return write_ended(
        session,
        chain.next_task,
        cause=run,
        triggered_by=chain.task.slug,
        parameters=given,
        request_key=_key(chain, run),
        now=now,
        ended=ended,
    )


def _key(chain: TaskChain, run: Run) -> str:
    return f"chain:{chain.id}:{run.id}"


def _parameters(session: Session, chain: TaskChain, run: Run) -> dict[str, object]:
    if not chain.parameters:
        return {}
    definitions = definitions_of(chain.task.parameters)
    meant = Meant(run.scheduled_for.astimezone(zone(_timezone(session, run))))
    if minds_history(definitions, run.parameters):
        meant = meant_of(session, run, meant.at)
    first = {one.name: one for one in definitions}
    return {
        name: _value(ChainValue.model_validate(kept), run, first, meant)
        for name, kept in chain.parameters.items()
    }


def _value(
    wanted: ChainValue, run: Run, first: Mapping[str, ParameterDefinition], meant: Meant
) -> object:
    if wanted.run is RunFact.SCHEDULED_FOR:
        return meant.day.isoformat()
    if wanted.run is not None:
        facts = {RunFact.ID: run.id, RunFact.STATE: run.state.value, RunFact.ROWS: run.rows}
        return facts[wanted.run]
    if wanted.from_parameter is not None:
        return _as_used(run, first.get(wanted.from_parameter), wanted.from_parameter, meant)
    return wanted.value


def _as_used(run: Run, definition: ParameterDefinition | None, name: str, meant: Meant) -> object:
    """Return a parameter as the first run used it; as it is kept where it no longer fits.

    What the run kept of its values tells more than can be known here: a posting period, for one.
    """
    if run.resolved is not None and name in run.resolved:
        return run.resolved[name]
    value = run.parameters.get(name)
    try:
        return value if definition is None else as_used(definition, value, meant)
    except Invalid:
        return value


def _timezone(session: Session, run: Run) -> str:
    schedule = session.get(Schedule, run.schedule_id) if run.schedule_id else None
    return schedule.timezone if schedule else settings().timezone
