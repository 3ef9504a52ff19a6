"""The controls of how a report's files look, and these looks in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import gettext, lazy_gettext

from tasks.numbers import as_typed
from tasks.reports.looks.settings import Line, Shown
from tasks.reports.render.looks import Colour, Operator
from webui.forms import Form, typed
from webui.numbers import number_of
from webui.numbers import shown as shown_number
from webui.tasks.listed_rows import ListedRows

ABOVE, GROUPS = "looks-above", "looks-groups"

LINES = {
    Line.TITLE.value: lazy_gettext("The title"),
    Line.MEANT_FOR.value: lazy_gettext("What time it is meant for"),
    Line.SOURCE.value: lazy_gettext("The source"),
    Line.PARAMETERS.value: lazy_gettext("The parameters"),
}
SHOWN = {
    Shown.USUAL.value: lazy_gettext("as usual"),
    Shown.AMOUNT.value: lazy_gettext("Amount: 1,234.50"),
    Shown.WHOLE.value: lazy_gettext("Whole number: 1,235"),
    Shown.PERCENT.value: lazy_gettext("Percent: 0.125 is 12.50 %"),
    Shown.DATE.value: lazy_gettext("Date"),
    Shown.MOMENT.value: lazy_gettext("Date and time"),
    Shown.TEXT.value: lazy_gettext("Text"),
    Shown.CODE.value: lazy_gettext("Format of Excel"),
    Shown.B1_SUM.value: lazy_gettext("Business One: amount"),
    Shown.B1_PRICE.value: lazy_gettext("Business One: price"),
    Shown.B1_QUANTITY.value: lazy_gettext("Business One: quantity"),
    Shown.B1_PERCENT.value: lazy_gettext("Business One: percent"),
    Shown.B1_RATE.value: lazy_gettext("Business One: rate"),
    Shown.B1_DATE.value: lazy_gettext("Business One: date"),
}
OPERATORS = {
    Operator.LESS.value: lazy_gettext("is less than"),
    Operator.MORE.value: lazy_gettext("is more than"),
    Operator.EQUAL.value: lazy_gettext("equals"),
    Operator.BETWEEN.value: lazy_gettext("is between"),
    Operator.CONTAINS.value: lazy_gettext("contains"),
    Operator.EMPTY.value: lazy_gettext("is empty"),
}
COLOURS = {
    Colour.RED.value: lazy_gettext("Red"),
    Colour.AMBER.value: lazy_gettext("Amber"),
    Colour.GREEN.value: lazy_gettext("Green"),
    Colour.BLUE.value: lazy_gettext("Blue"),
    Colour.GREY.value: lazy_gettext("Grey"),
}

COLUMNS = ListedRows(
    "looks-columns",
    {"name": "", "shown": Shown.USUAL.value, "code": "", "title": "", "width": ""},
)
RULES = ListedRows(
    "looks-rules",
    {
        "column": "",
        "operator": Operator.LESS.value,
        "value": "",
        "upper": "",
        "colour": Colour.RED.value,
        "whole_row": "",
    },
)
BY_SIZE = (Operator.LESS.value, Operator.MORE.value, Operator.BETWEEN.value)
"""What compares numbers or days; a text, such as the number of an account, has no size."""


def empty() -> dict[str, Any]:
    """The controls of a report that looks as usual."""
    return {ABOVE: [], GROUPS: ""}


def shown(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The controls of a report as it is kept."""
    looks = kept.get("looks") or {}
    values = {ABOVE: list(looks.get("above", [])), GROUPS: "\n".join(looks.get("groups", []))}
    for column in looks.get("columns", []):
        COLUMNS.add(values, COLUMNS.new | column | {"width": str(column.get("width") or "")})
    for rule in looks.get("rules", []):
        whole_row = {"whole_row": "on" if rule.get("whole_row") else ""}
        RULES.add(values, RULES.new | rule | _bounds_shown(rule) | whole_row)
    return values


def sent() -> dict[str, Any]:
    """The controls as they were sent."""
    above = {ABOVE: request.form.getlist(ABOVE), GROUPS: typed(GROUPS)}
    return above | COLUMNS.sent() | RULES.sent()


def content(form: Form) -> dict[str, Any]:
    """The setting as the job takes it; raises Invalid for what can be read in two ways."""
    columns = [
        row | {"width": _whole(row["width"], n) or None} for n, row in enumerate(COLUMNS.rows(form))
    ]
    rules = [
        row | _bounds_typed(row, n) | {"whole_row": bool(row["whole_row"])}
        for n, row in enumerate(RULES.rows(form))
    ]
    above = form.values.get(ABOVE, [])
    groups = form.lines(GROUPS)
    return {"looks": {"above": above, "groups": groups, "columns": columns, "rules": rules}}


def words(looks: Mapping[str, Any]) -> Sequence[str]:
    """Say kept looks line by line, for the task's page and for who compares versions."""
    lines = []
    if above := looks.get("above"):
        told = ", ".join(str(LINES.get(one, one)) for one in above)
        lines.append(gettext("Above the rows: %(lines)s", lines=told))
    if groups := looks.get("groups"):
        lines.append(gettext("Sums for each %(columns)s", columns=", ".join(groups)))
    lines += [_column_words(column) for column in looks.get("columns", [])]
    lines += [_rule_words(rule) for rule in looks.get("rules", [])]
    return lines


def _column_words(column: Mapping[str, Any]) -> str:
    kind = column.get("shown", Shown.USUAL.value)
    width = column.get("width")
    parts = [
        column.get("title", ""),
        "" if kind == Shown.USUAL else str(SHOWN.get(kind, kind)),
        column.get("code", ""),
        gettext("%(width)s letters wide", width=width) if width else "",
    ]
    return f"{column['name']}: {', '.join(filter(None, parts)) or SHOWN[Shown.USUAL.value]}"


def _rule_words(rule: Mapping[str, Any]) -> str:
    compared = " – ".join(filter(None, _bounds_shown(rule).values()))
    operator = str(OPERATORS.get(rule["operator"], rule["operator"]))
    colour = str(COLOURS.get(rule.get("colour", Colour.RED.value), ""))
    told = f"{rule['column']} {operator} {compared}".rstrip() + f": {colour}"
    return f"{told}, {gettext('the whole row')}" if rule.get("whole_row") else told


def _whole(width: str, number: int) -> str:
    return number_of(width, field=f"looks.columns.{number}.width", whole=True)


def _bounds_typed(row: Mapping[str, Any], number: int) -> dict[str, str]:
    """What a row compares with, as it is kept: a number so that it has one meaning by itself."""
    if row["operator"] not in BY_SIZE:
        return {}
    place = f"looks.rules.{number}"
    kept = {one: number_of(row[one], field=f"{place}.{one}") for one in ("value", "upper")}
    return {one: as_typed(value, "") for one, value in kept.items()}


def _bounds_shown(rule: Mapping[str, Any]) -> dict[str, str]:
    bounds = {one: str(rule.get(one) or "") for one in ("value", "upper")}
    if rule["operator"] not in BY_SIZE:
        return bounds
    return {one: shown_number(value) for one, value in bounds.items()}
