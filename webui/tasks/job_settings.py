"""The settings of a job in the form of its task: a control each, made from the job's signature."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request

from tasks.jobs.registry import FieldKind, SettingField, find_job, settings_fields
from webui.forms import Form, typed
from webui.numbers import number_of
from webui.numbers import shown as shown_number

PREFIX = "settings-"
NUMBERS = (FieldKind.NUMBER, FieldKind.DECIMAL)


def fields_of(job: str) -> Sequence[SettingField]:
    """Return the settings of the job of this name; raises Invalid."""
    return settings_fields(find_job(job))


def empty(fields: Sequence[SettingField]) -> dict[str, Any]:
    """The controls with the defaults of the job."""
    return {PREFIX + one.name: _shown(one, one.default) for one in fields}


def shown(fields: Sequence[SettingField], kept: Mapping[str, Any]) -> dict[str, Any]:
    """The controls with what is kept."""
    return {PREFIX + one.name: _shown(one, kept.get(one.name, one.default)) for one in fields}


def sent(fields: Sequence[SettingField]) -> dict[str, Any]:
    """The controls as they were sent."""
    return {PREFIX + one.name: _sent(one, PREFIX + one.name) for one in fields}


def content(fields: Sequence[SettingField], form: Form) -> dict[str, Any]:
    """The settings as the job's model takes them; what is empty is left to its default.

    Raises Invalid for a number that can be read in two ways.
    """
    given = {one.name: _value(one, form) for one in fields}
    return {name: value for name, value in given.items() if value is not None}


def _shown(one: SettingField, value: Any) -> Any:
    if one.kind is FieldKind.YES_NO:
        return bool(value)
    if one.kind is FieldKind.LIST:
        lines = [str(line) for line in value or []]
        return lines if one.choices else "\n".join(lines)
    text = "" if value is None else str(value)
    return shown_number(text) if one.kind is FieldKind.DECIMAL else text


def _sent(one: SettingField, control: str) -> Any:
    if one.kind is FieldKind.YES_NO:
        return control in request.form
    if one.kind is FieldKind.LIST and one.choices:
        return request.form.getlist(control)
    return typed(control)


def _value(one: SettingField, form: Form) -> Any:
    control = PREFIX + one.name
    if one.kind is FieldKind.YES_NO:
        return form.values[control]
    if one.kind is FieldKind.LIST:
        return form.values[control] if one.choices else form.lines(control)
    text = form.values[control] if one.kind is FieldKind.AREA else form.text(control)
    if text.strip() == "" and (one.required or one.default is None or one.kind in NUMBERS):
        return None
    if one.kind in NUMBERS:
        return number_of(text.strip(), field=one.name, whole=one.kind is FieldKind.NUMBER)
    return text
