"""Taking an old version of a task back: as a change like any other, so that no history is lost."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.authorship import (
    REPORT,
    adds_further_query,
    adds_query,
    authored,
    choices_of_companies,
    queries_of,
)
from tasks.chains import ChainContent
from tasks.definitions import TaskContent, change_task, content_of, whole_content
from tasks.errors import Conflict, Forbidden, Invalid, mark
from tasks.models import Overlap, Source, TaskDefinition, TaskVersion
from tasks.models.base import JsonObject
from tasks.models.task import VERSIONED
from tasks.versions.comparing import completed, differences

LEFT_AS_IT_IS = ("is_active",)
"""Taking a version back switches nothing on or off."""

FOR_AUTHORS = mark(
    "Only an author may restore this version: the SQL, what it reads, or what the job does, is not "
    "as it is now. Ask one to do it."
)


def is_as_now(content: JsonObject, current: JsonObject) -> bool:
    """Whether to take this content back would change nothing."""
    return all(one.name in LEFT_AS_IT_IS for one in differences(current, content))


def needs_author(content: JsonObject, current: JsonObject) -> bool:
    """Whether to take this content back changes what only an author may change."""
    then, now = completed(content), completed(current)
    if authored(then["job"], then["settings"]) != authored(now["job"], now["settings"]):
        return True
    if then["job"] == REPORT and adds_further_query(then["settings"], now["settings"]):
        return True
    if choices_of_companies(then["parameters"]) != choices_of_companies(now["parameters"]):
        return True
    return adds_query(queries_of(then["parameters"]), queries_of(now["parameters"]))


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
