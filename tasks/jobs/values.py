"""The values of a run's parameters, as a job uses them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy.exc import DBAPIError

from tasks.db import reading, transaction
from tasks.jobs.context import JobContext
from tasks.jobs.from_source import looked_up, periods_of
from tasks.log import MASK, SECRET_NAME
from tasks.models import Run
from tasks.patience import patiently
from tasks.queries.meant import meant_of
from tasks.reports.about import few_of
from tasks.reports.meant import Meant
from tasks.reports.parameters import (
    ParameterDefinition,
    Value,
    as_used,
    minds_history,
    resolve,
)
from tasks.reports.render import Language
from tasks.runs.resolved import keep_resolved
from tasks.settings import settings

KEEPING_SECONDS = 5.0
"""How long a report waits until its values can be kept, which serves only whoever looks later."""


def values_of(context: JobContext, definitions: Sequence[ParameterDefinition]) -> dict[str, Value]:
    """Return the value of each parameter, and keep them in the run's row and the attempt's log.

    Our database is asked only where a value depends on a calendar or on the runs before.
    """
    meant = replace(_meant(context, definitions), periods=periods_of(context, definitions))
    values = resolve(definitions, context.parameters, meant=meant)
    values = looked_up(context, definitions, values)
    if values:
        context.log.info("parameters resolved", extra={"parameters": _told(values)})
        _keep(context, definitions, meant)
    return values


def in_words(value: Value) -> str:
    """Return a value in one line, whole."""
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "–" if value is None else str(value)


def _told(values: Mapping[str, Value]) -> str:
    return "; ".join(
        f"{name}: {MASK if SECRET_NAME.search(name) else _logged(value)}"
        for name, value in values.items()
    )


def _logged(value: Value) -> str:
    return few_of(value, Language.ENGLISH) if isinstance(value, tuple) else in_words(value)


def _keep(context: JobContext, definitions: Sequence[ParameterDefinition], meant: Meant) -> None:
    """Write the values as they could be typed, so that whoever looks later counts nothing anew.

    Where our database does not take them in time the report goes on without, and its log tells.
    """
    if (run_id := context.run_id) is None:
        return
    kept = context.parameters
    resolved = {one.name: as_used(one, kept.get(one.name), meant) for one in definitions}

    def write() -> None:
        with transaction() as session:
            keep_resolved(session, run_id, context.attempt, resolved)

    try:
        patiently(write, seconds=KEEPING_SECONDS, check=context.check)
    except DBAPIError as error:
        told = {"error": type(error.orig).__name__}
        context.log.warning("values of the parameters not kept", extra=told)


def _meant(context: JobContext, definitions: Sequence[ParameterDefinition]) -> Meant:
    run_id = context.run_id
    if run_id is None or not minds_history(definitions, context.parameters):
        return Meant(context.scheduled_for)

    def read() -> Meant:
        with reading() as session:
            return meant_of(session, session.get_one(Run, run_id), context.scheduled_for)

    return patiently(read, seconds=settings().lease_seconds, check=context.check)
