"""Whether there is anything to send, and if not, why, in words."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import inf
from operator import ge, gt, le, lt

from tasks.errors import ErrorKind, JobError, mark
from tasks.reports.conditions.settings import (
    ConditionKind,
    ConditionSettings,
    Measure,
    Operator,
)
from tasks.reports.figures import Figures

NO_ROWS = mark("Nothing to send: the query gave no rows.")
SOME_ROWS = mark("Nothing to send: the query gave {rows} rows, and it is sent only without any.")
UNCHANGED = mark("Nothing to send: nothing has changed since run {id}.")
NOTHING_NEW = mark("Nothing to send: no row is new since run {id}.")
NOT_THERE = {
    Measure.SUM: mark("Nothing to send: the sum of “{column}” is {value}, not {operator} {limit}."),
    Measure.COUNT: mark("Nothing to send: “{column}” has {value} values, not {operator} {limit}."),
    Measure.LARGEST: mark(
        "Nothing to send: the largest “{column}” is {value}, not {operator} {limit}."
    ),
    Measure.LEAST: mark(
        "Nothing to send: the least “{column}” is {value}, not {operator} {limit}."
    ),
    Measure.CHANGE: mark(
        "Nothing to send: the sum of “{column}” has changed by {value} percent since run {id}, "
        "not {operator} {limit} percent."
    ),
}
ROWS_NOT_THERE = {
    Measure.COUNT: mark("Nothing to send: there are {value} rows, not {operator} {limit}."),
    Measure.CHANGE: mark(
        "Nothing to send: the number of rows has changed by {value} percent since run {id}, "
        "not {operator} {limit} percent."
    ),
}
EMPTY = mark("Nothing to send: “{column}” has no values.")
REASONS = (
    NO_ROWS,
    SOME_ROWS,
    UNCHANGED,
    NOTHING_NEW,
    *NOT_THERE.values(),
    *ROWS_NOT_THERE.values(),
    EMPTY,
)
"""Every sentence that a verdict can say."""

HOLDS: dict[Operator, Callable[[Fraction | float, Fraction], bool]] = {
    Operator.MORE: gt,
    Operator.AT_LEAST: ge,
    Operator.LESS: lt,
    Operator.AT_MOST: le,
}
SIGNS = {
    Operator.MORE: ">",
    Operator.AT_LEAST: "≥",
    Operator.LESS: "<",
    Operator.AT_MOST: "≤",
}
SHOWN_DIGITS = 2
"""Decimals of a percentage in words; it is compared exactly."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands after a run: the figures of what would be sent, the digest of all rows."""

    figures: Figures
    digest: str = ""
    run_id: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the files are sent; where not, `reason` says why."""

    send: bool = True
    reason: str = ""


SEND = Verdict()


def verdict(condition: ConditionSettings, now: Standing, before: Standing | None) -> Verdict:
    """Judge this run; `before` is the last delivered one, without which everything is news.

    Raises JobError where the condition names a column that is not there or holds no numbers.
    """
    if condition.kind is ConditionKind.THRESHOLD:
        return _of_threshold(condition, now, before)
    rows = now.figures.rows
    if condition.kind is ConditionKind.ROWS:
        return SEND if rows else Verdict(False, NO_ROWS)
    if condition.kind is ConditionKind.NO_ROWS:
        return Verdict(False, SOME_ROWS.format(rows=rows)) if rows else SEND
    if condition.kind is ConditionKind.CHANGED:
        same = before is not None and now.digest == before.digest
        return Verdict(False, UNCHANGED.format(id=before.run_id)) if before and same else SEND
    if condition.kind is ConditionKind.NEW_ROWS and not rows:
        return Verdict(False, NOTHING_NEW.format(id=before.run_id) if before else NO_ROWS)
    return SEND


def _of_threshold(condition: ConditionSettings, now: Standing, before: Standing | None) -> Verdict:
    if condition.measure is Measure.CHANGE:
        return _of_change(condition, now, before)
    value = _measured(condition, now.figures)
    if value is None:
        return Verdict(False, EMPTY.format(column=condition.column))
    if _holds(condition, Fraction(value)):
        return SEND
    return _not_there(condition, value=_number(value))


def _of_change(condition: ConditionSettings, now: Standing, before: Standing | None) -> Verdict:
    after = _summed(condition, now.figures)
    if before is None or not _was_summed(condition, before.figures):
        return SEND
    changed = _percent(_summed(condition, before.figures), after)
    if _holds(condition, changed):
        return SEND
    return _not_there(condition, value=f"{float(changed):.{SHOWN_DIGITS}f}", id=before.run_id)


def _was_summed(condition: ConditionSettings, before: Figures) -> bool:
    """Whether the run before had the column as numbers; the task may have been changed since."""
    figure = before.columns.get(condition.column)
    return not condition.column or (figure is not None and figure.total is not None)


def _percent(before: Fraction, after: Fraction) -> Fraction | float:
    """Return the change in percent; from nothing it is without bounds."""
    if not before:
        return inf * (1 if after > 0 else -1) if after else Fraction(0)
    return (after - before) * 100 / abs(before)


def _holds(condition: ConditionSettings, value: Fraction | float) -> bool:
    return HOLDS[condition.operator](value, Fraction(condition.limit or 0))


def _not_there(condition: ConditionSettings, **values: object) -> Verdict:
    sentences = NOT_THERE if condition.column else ROWS_NOT_THERE
    told = {"operator": SIGNS[condition.operator], "limit": _number(condition.limit or Decimal(0))}
    template = sentences[condition.measure]
    return Verdict(False, template.format(column=condition.column, **told, **values))


def _measured(condition: ConditionSettings, figures: Figures) -> Decimal | None:
    column = condition.column
    match condition.measure:
        case Measure.SUM:
            return figures.total(column)
        case Measure.COUNT:
            return Decimal(figures.count(column) if column else figures.rows)
        case Measure.LARGEST:
            return _numeric(column, figures.largest(column))
        case _:
            return _numeric(column, figures.least(column))


def _summed(condition: ConditionSettings, figures: Figures) -> Fraction:
    return Fraction(figures.total(condition.column) if condition.column else figures.rows)


def _numeric(column: str, value: object) -> Decimal | None:
    if value is None or isinstance(value, Decimal):
        return value
    raise JobError(
        "The column “{name}” cannot be compared with a number: it holds dates. Correct the "
        "condition in the task.",
        kind=ErrorKind.SQL,
        name=column,
    )


def _number(value: Decimal) -> str:
    return f"{value:f}"
