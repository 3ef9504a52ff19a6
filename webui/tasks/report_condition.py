"""The controls of a report that say when it is sent."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext

from tasks.reports.conditions.settings import ConditionKind, Measure, Operator
from tasks.reports.conditions.verdict import SIGNS
from webui.forms import Form, typed
from webui.numbers import number_of
from webui.numbers import shown as shown_number

KIND = "condition-kind"
LISTED = "condition-keys"
LIMIT = "condition-limit"
TEXTS = (
    KIND,
    LISTED,
    "condition-measure",
    "condition-column",
    "condition-operator",
    LIMIT,
)

KINDS = {
    ConditionKind.ALWAYS.value: lazy_gettext("always"),
    ConditionKind.ROWS.value: lazy_gettext("only if there are rows"),
    ConditionKind.NO_ROWS.value: lazy_gettext("only if there are no rows"),
    ConditionKind.CHANGED.value: lazy_gettext("only if anything has changed"),
    ConditionKind.NEW_ROWS.value: lazy_gettext("only the rows that are new"),
    ConditionKind.THRESHOLD.value: lazy_gettext("only if a number is over or under a limit"),
}
MEASURES = {
    Measure.SUM.value: lazy_gettext("the sum of the column"),
    Measure.COUNT.value: lazy_gettext("how many values the column has, or how many rows"),
    Measure.LARGEST.value: lazy_gettext("the largest value of the column"),
    Measure.LEAST.value: lazy_gettext("the least value of the column"),
    Measure.CHANGE.value: lazy_gettext("the change in percent"),
}
OPERATORS = {
    Operator.MORE.value: lazy_gettext("more than (>)"),
    Operator.AT_LEAST.value: lazy_gettext("at least (≥)"),
    Operator.LESS.value: lazy_gettext("less than (<)"),
    Operator.AT_MOST.value: lazy_gettext("at most (≤)"),
}

_OF_COLUMN = {
    Measure.SUM.value: lazy_gettext("only if the sum of “%(column)s” is %(operator)s %(limit)s"),
    Measure.COUNT.value: lazy_gettext(
        "only if the number of values of “%(column)s” is %(operator)s %(limit)s"
    ),
    Measure.LARGEST.value: lazy_gettext(
        "only if the largest “%(column)s” is %(operator)s %(limit)s"
    ),
    Measure.LEAST.value: lazy_gettext("only if the least “%(column)s” is %(operator)s %(limit)s"),
    Measure.CHANGE.value: lazy_gettext(
        "only if the sum of “%(column)s” has changed since the last delivered run by "
        "%(operator)s %(limit)s percent"
    ),
}
_OF_ROWS = {
    Measure.COUNT.value: lazy_gettext("only if the number of rows is %(operator)s %(limit)s"),
    Measure.CHANGE.value: lazy_gettext(
        "only if the number of rows has changed since the last delivered run by %(operator)s "
        "%(limit)s percent"
    ),
}


def empty() -> dict[str, Any]:
    """The controls of a report that is always sent."""
    return dict.fromkeys(TEXTS, "") | {
        KIND: ConditionKind.ALWAYS.value,
        "condition-measure": Measure.SUM.value,
        "condition-operator": Operator.MORE.value,
    }


def shown(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The controls of a report as it is kept."""
    condition = kept.get("condition") or {}
    given = {f"condition-{name}": value for name, value in condition.items() if value is not None}
    if LIMIT in given:
        given[LIMIT] = shown_number(str(given[LIMIT]))
    return empty() | given | {LISTED: "\n".join(condition.get("keys", []))}


def sent() -> dict[str, Any]:
    """The controls as they were sent."""
    return {name: typed(name) for name in TEXTS}


def content(form: Form) -> dict[str, Any]:
    """The setting as the job takes it; raises Invalid for a limit that can be read in two ways."""
    return {
        "condition": {
            "kind": form.text(KIND) or ConditionKind.ALWAYS,
            "keys": form.lines(LISTED),
            "measure": form.text("condition-measure") or Measure.SUM,
            "column": form.text("condition-column"),
            "operator": form.text("condition-operator") or Operator.MORE,
            "limit": number_of(form.text(LIMIT), field="condition.limit") or None,
        }
    }


def words(condition: Mapping[str, Any] | None) -> str:
    """Say in a sentence when a report is sent."""
    kind = (condition or {}).get("kind", ConditionKind.ALWAYS)
    if condition is None or kind not in KINDS:
        return str(KINDS[ConditionKind.ALWAYS])
    if kind == ConditionKind.CHANGED:
        return str(gettext("only if anything has changed since the last delivered run"))
    if kind == ConditionKind.NEW_ROWS:
        keys = ", ".join(condition.get("keys", []))
        return str(
            gettext(
                "only the rows that are new since the last delivered run, known again by %(keys)s",
                keys=keys,
            )
        )
    return _threshold(condition) if kind == ConditionKind.THRESHOLD else str(KINDS[kind])


def _threshold(condition: Mapping[str, Any]) -> str:
    column, operator = condition.get("column", ""), condition.get("operator", ">")
    said = (_OF_COLUMN if column else _OF_ROWS)[condition["measure"]]
    limit = shown_number(str(condition.get("limit")))
    return str(said) % {"operator": SIGNS[Operator(operator)], "limit": limit, "column": column}
