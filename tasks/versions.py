"""Versions of a task: what differs between two, and taking an old one back as a new one."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined, to_jsonable_python
from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.authorship import adds_query, authored, queries_of
from tasks.chains import ChainContent
from tasks.definitions import TaskContent, change_task, content_of, whole_content
from tasks.errors import Conflict, Forbidden, Invalid, mark
from tasks.jobs.registry import find_job
from tasks.models import Overlap, Source, TaskDefinition, TaskVersion
from tasks.models.base import JsonObject
from tasks.models.task import VERSIONED
from tasks.reports.parameters import ParameterDefinition

SETTINGS = "settings."
LEFT_AS_IT_IS = ("is_active",)
"""Taking a version back switches nothing on or off."""

FOR_AUTHORS = mark(
    "Only an author may restore this version: the SQL, or what the job does, is not as it is now. "
    "Ask one to do it."
)


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


def is_as_now(content: JsonObject, current: JsonObject) -> bool:
    """Whether to take this content back would change nothing."""
    return all(one.name in LEFT_AS_IT_IS for one in differences(current, content))


def needs_author(content: JsonObject, current: JsonObject) -> bool:
    """Whether to take this content back changes what only an author may change."""
    new, now = completed(content), completed(current)
    return authored(new["job"], new["settings"]) != authored(
        now["job"], now["settings"]
    ) or adds_query(queries_of(new["parameters"]), queries_of(now["parameters"]))


def restore_version(
    session: Session,
    task: TaskDefinition,
    kept: TaskVersion,
    *,
    onto: int,
    is_author: bool,
    changed_by: str,
) -> TaskDefinition:
    """Make a new version that equals an old one; `onto` is the version that the person saw.

    It is checked as any change is, so it raises Invalid, and Conflict where somebody else was
    quicker or nothing differs; Forbidden where it would change what an author decides.
    """
    session.refresh(task, with_for_update=True)  # of two who save at once, one sees the other
    if not is_author and needs_author(kept.content, task.content()):
        raise Forbidden(FOR_AUTHORS)
    if is_as_now(kept.content, whole_content(session, task)):
        raise Conflict("The task is as version {number} already.", number=kept.version)
    content = _checked(session, task, kept)
    return change_task(session, task, content, version=onto, changed_by=changed_by)


def as_task(task: TaskDefinition, content: JsonObject) -> TaskDefinition:
    """Return the task as it was in a version, for a form; it belongs to no session."""
    whole = completed(content)
    columns = {name: whole[name] for name in VERSIONED} | {"overlap": Overlap(whole["overlap"])}
    return TaskDefinition(**columns, slug=task.slug, version=task.version)


def chains_in(content: JsonObject) -> list[ChainContent]:
    """Return what ran next in a version."""
    return [ChainContent.model_validate(one) for one in completed(content)["chains"]]


def _checked(session: Session, task: TaskDefinition, kept: TaskVersion) -> TaskContent:
    """Return the content to save; raises Invalid with all that stands in its way."""
    gone = _source_gone(session, kept)
    given = completed(kept.content) | {name: getattr(task, name) for name in LEFT_AS_IT_IS}
    try:
        content = content_of(**(given | {"slug": task.slug}))
    except Invalid as problem:
        problem.also += gone
        raise
    if gone:
        raise gone[0]
    return content


def _source_gone(session: Session, kept: TaskVersion) -> list[Invalid]:
    name = str(kept.content["settings"].get("source") or "")
    if not name or session.scalar(select(Source.id).where(Source.slug == name)) is not None:
        return []
    return [
        Invalid(
            "Version {number} reads the source “{name}”, which does not exist any more. Open the "
            "version in the form, choose another source, and save.",
            field="source",
            number=kept.version,
            name=name,
        )
    ]


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
