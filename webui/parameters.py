"""The controls of a task's parameters: from a value to them, and from what was typed to a value.

A control is named like `parameters-due_by`. A range has one for each of its ends, `…-first` and
`…-last`; a month has one for a word and one for a month that is chosen, `…-month`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask
from werkzeug.datastructures import MultiDict

from tasks.reports.parameters import SINCE, ParameterDefinition, ParameterType, typed
from tasks.reports.parameters.bounds import NUMBERS
from tasks.reports.parameters.dated import BETWEEN
from tasks.reports.parameters.plain import chosen
from tasks.reports.parameters.types import OF_SQL, SEVERAL
from tasks.reports.relative_months import is_relative_month
from webui.numbers import number_of
from webui.numbers import shown as shown_number

PARTS = {ParameterType.DATE_RANGE: ("-first", "-last"), ParameterType.MONTH: ("-month",)}
"""What the further controls of a type are called."""
LISTED = tuple(one for one in SEVERAL if one not in OF_SQL)
"""The types with a control for each choice; codes of a source are one text, with commas."""

Values = dict[str, Any]


def init_app(app: Flask) -> None:
    """Give templates the filter `typed_as`, for a kept value and its type."""
    app.add_template_filter(lambda value, type: said(type, value), "typed_as")


def controls_of(one: ParameterDefinition, value: object) -> Values:
    """Return the controls with a value in them, as it is kept; None is nothing."""
    control, text = f"parameters-{one.name}", "" if value is None else said(one.type, value)
    if one.type in LISTED:
        return {control: [] if value is None else chosen(value)}
    if one.type is ParameterType.DATE_RANGE:
        first, between, last = text.partition(BETWEEN)
        ends = (first, last if between else first)
        return {control: text, f"{control}-first": ends[0], f"{control}-last": ends[1]}
    if one.type is ParameterType.MONTH:
        is_word = is_relative_month(text)
        return {control: text if is_word else "", f"{control}-month": "" if is_word else text}
    return {control: "" if text == SINCE and one.type is ParameterType.SINCE else text}


def sent(one: ParameterDefinition, fields: "MultiDict[str, str]") -> Values:
    """Return the controls as they were sent; those that were not sent are left out."""
    control = f"parameters-{one.name}"
    if one.type in LISTED:
        several = [text for text in fields.getlist(control) if text]
        return {control: several} if control in fields else {}
    names = [control, *(f"{control}{part}" for part in PARTS.get(one.type, ()))]
    return {name: _clean(fields[name]) for name in names if name in fields}


def given(one: ParameterDefinition, values: Mapping[str, Any]) -> object:
    """Return what the controls say; nothing typed is an empty text.

    Raises Invalid for a number that can be read in two ways.
    """
    control = f"parameters-{one.name}"
    if one.type in LISTED:
        return values[control] or ""
    if one.type is ParameterType.DATE_RANGE:
        ends = [str(values[f"{control}-{end}"]).strip() for end in ("first", "last")]
        return BETWEEN.join(ends) if any(ends) else ""
    if one.type is ParameterType.MONTH:
        return str(values[f"{control}-month"]).strip() or values[control]
    return taken(one.type, str(values[control]).strip(), field=f"parameters.{one.name}")


def taken(type: ParameterType, text: str, *, field: str) -> str:
    """Return what was typed for a value of this type, a number as it is kept; raises Invalid."""
    if type not in NUMBERS:
        return text
    return number_of(text, field=field, whole=type is ParameterType.INTEGER)


def said(type: ParameterType, value: object) -> str:
    """Return a kept value of this type as the reader of the page would type it."""
    return shown_number(typed(value)) if type in NUMBERS else typed(value)


def any_dated(definitions: Sequence[ParameterDefinition]) -> bool:
    """Whether a control of these takes a word for a date."""
    return any(one.type in (ParameterType.DATE, ParameterType.DATE_RANGE) for one in definitions)


def start_of(one: ParameterDefinition) -> object:
    """Return what a form shows before anything is typed: the default, where it is a value."""
    return None if one.type is ParameterType.SINCE else one.default


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\0", "")
