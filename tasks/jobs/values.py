"""The values of a run's parameters, as a job uses them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tasks.db import reading, transaction
from tasks.jobs.context import JobContext
from tasks.jobs.from_source import looked_up, periods_of
from tasks.log import MASK, SECRET_NAME
from tasks.models import Run
from tasks.queries.meant import meant_of
from tasks.reports.meant import Meant
from tasks.reports.parameters import (
    ParameterDefinition,
    Value,
    as_used,
    minds_history,
    resolve,
)
from tasks.runs.resolved import keep_resolved


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
    """Return a value as a log and a letter show it."""
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "–" if value is None else str(value)


def _told(values: Mapping[str, Value]) -> str:
    return "; ".join(
        f"{name}: {MASK if SECRET_NAME.search(name) else in_words(value)}"
        for name, value in values.items()
    )


def _keep(context: JobContext, definitions: Sequence[ParameterDefinition], meant: Meant) -> None:
    """Write the values as they could be typed, so that whoever looks later counts nothing anew."""
    if context.run_id is None:
        return
    kept = context.parameters
    resolved = {one.name: as_used(one, kept.get(one.name), meant) for one in definitions}
    with transaction() as session:
        keep_resolved(session, context.run_id, context.attempt, resolved)


def _meant(context: JobContext, definitions: Sequence[ParameterDefinition]) -> Meant:
    if context.run_id is None or not minds_history(definitions, context.parameters):
        return Meant(context.scheduled_for)
    with reading() as session:
        return meant_of(session, session.get_one(Run, context.run_id), context.scheduled_for)
