"""The content of a version field by field, and what differs between two of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined, to_jsonable_python

from tasks.definitions import TaskContent
from tasks.errors import Invalid
from tasks.jobs.registry import find_job
from tasks.models.base import JsonObject
from tasks.reports.parameters import ParameterDefinition

SETTINGS = "settings."


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of a task in two versions; one of a job's settings is called `settings.<name>`."""

    name: str
    before: Any
    after: Any


def completed(content: JsonObject) -> JsonObject:
    """Return the content of a version, with what it is too old to say as a new task has it."""
    known = {one: value for one, value in content.items() if one in TaskContent.model_fields}
    whole = _laid_over(TaskContent, known)
    whole["parameters"] = [_laid_over(ParameterDefinition, one) for one in whole["parameters"]]
    try:
        job = find_job(whole["job"])
    except Invalid:  # it is not installed any more, so nobody knows what it would begin with
        return whole
    return whole | {"settings": _laid_over(job.settings, whole["settings"])}


def lacking(content: JsonObject) -> list[str]:
    """Return the fields that did not exist yet when this version was kept."""
    whole = _flat(completed(content))
    return [name for name in whole if name not in _flat({"settings": {}} | content)]


def differences(before: JsonObject, after: JsonObject) -> list[Difference]:
    """Return the fields that are not the same in two versions, in the order of a task's form."""
    first, second = _flat(completed(before)), _flat(completed(after))
    return [
        Difference(name, first.get(name), second.get(name))
        for name in first | second
        if first.get(name) != second.get(name)
    ]


def fields_of(content: JsonObject) -> JsonObject:
    """Return every field of a version by its name."""
    return _flat(completed(content))


def _flat(content: JsonObject) -> JsonObject:
    """Return the fields side by side, those of the settings by `settings.<name>`."""
    flat: JsonObject = {}
    for name, value in content.items():
        if name == "settings":
            flat |= {SETTINGS + one: given for one, given in value.items()}
        else:
            flat[name] = value
    return flat


def _laid_over(model: type[BaseModel], given: Mapping[str, Any]) -> JsonObject:
    """Return what is given over what the model's fields begin with, in the order of the fields."""
    defaults = _defaults(model)
    known = [name for name in model.model_fields if name in given or name in defaults]
    return {name: given.get(name, defaults.get(name)) for name in known} | dict(given)


@cache
def _defaults(model: type[BaseModel]) -> JsonObject:
    """Return what each field begins with, as JSON keeps it; what has to be given is left out."""
    begins = {
        name: info.get_default(call_default_factory=True, validated_data={})
        for name, info in model.model_fields.items()
    }
    given = {name: value for name, value in begins.items() if value is not PydanticUndefined}
    return dict(to_jsonable_python(given))
