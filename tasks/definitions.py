"""Saving a task: its content is checked as a whole, and each change keeps a version."""

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.errors import Conflict, ErrorKind, Invalid
from tasks.jobs.registry import find_job
from tasks.models import TaskDefinition, TaskVersion
from tasks.models.base import JsonObject
from tasks.models.task import TRANSIENT_KINDS
from tasks.problems import problems_of
from tasks.reports.binding import names_in
from tasks.reports.parameters import ParameterDefinition

Model = TypeVar("Model", bound=BaseModel)

RESERVED_SLUGS = ("new",)
"""Names that the addresses of the pages need."""


class TaskContent(BaseModel):
    """Everything about a task that a person decides."""

    model_config = ConfigDict(extra="forbid")

    slug: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)
    title: str = Field(min_length=1, max_length=200)
    description: str = Field("", max_length=4_000)
    job: str = "report"
    settings: JsonObject = Field(default_factory=dict)
    parameters: list[ParameterDefinition] = Field(default_factory=list, max_length=50)
    queue: str = Field("default", pattern=r"^[a-z0-9_-]{1,40}$")
    priority: int = Field(5, ge=0, le=9)
    timeout_seconds: int = Field(900, ge=1, le=86_400)
    max_attempts: int = Field(3, ge=1, le=20)
    retry_delay_seconds: int = Field(60, ge=0, le=86_400)
    retry_backoff: float = Field(2.0, ge=1, le=10)
    retry_max_delay_seconds: int = Field(3_600, ge=0, le=86_400)
    retry_on: list[ErrorKind] = Field(default_factory=lambda: list(TRANSIENT_KINDS))
    safe_to_repeat: bool = True
    is_active: bool = True


def content_of(**given: Any) -> TaskContent:
    """Check what was given; raises Invalid with the first problem, and the others with it."""
    problems: list[Invalid] = []
    content = _checked(TaskContent, given, problems)
    job = find_job(content.job if content else str(given.get("job", "report")))
    settings = _checked(job.settings, given.get("settings", {}), problems)
    if content is None or settings is None:
        problems[0].also = problems[1:]
        raise problems[0]
    content.settings = settings.model_dump(mode="json")
    _check_parameters(content)
    return content


def create_task(
    session: Session, content: TaskContent, *, changed_by: str, owner_id: int | None = None
) -> TaskDefinition:
    """Save a new task with its first version; raises Conflict where the name is taken."""
    if content.slug in RESERVED_SLUGS:
        raise Invalid(
            "“{slug}” is kept for the pages. Choose another.", field="slug", slug=content.slug
        )
    taken = session.scalar(select(TaskDefinition.id).where(TaskDefinition.slug == content.slug))
    if taken is not None:
        raise Conflict("There is a task “{slug}” already. Choose another name.", slug=content.slug)
    task = TaskDefinition(**content.model_dump(mode="json"), owner_id=owner_id, version=1)
    session.add(task)
    session.flush()
    _keep_version(session, task, changed_by=changed_by)
    return task


def change_task(
    session: Session, task: TaskDefinition, content: TaskContent, *, version: int, changed_by: str
) -> TaskDefinition:
    """Save a change made to version `version`; raises Conflict where somebody else was quicker."""
    if task.version != version:
        raise Conflict(
            "“{title}” was changed by somebody else in the meantime. Your text is still here: "
            "compare, then save again.",
            title=task.title,
        )
    before = task.content()
    for name, value in content.model_dump(mode="json", exclude={"slug"}).items():
        setattr(task, name, value)
    if task.content() != before:
        task.version += 1
        session.flush()
        _keep_version(session, task, changed_by=changed_by)
    return task


def switch_task(
    session: Session, task: TaskDefinition, *, is_active: bool, changed_by: str
) -> TaskDefinition:
    """Switch a task on or off; off, neither a person nor a schedule can start it."""
    if task.is_active != is_active:
        task.is_active = is_active
        task.version += 1
        session.flush()
        _keep_version(session, task, changed_by=changed_by)
    return task


def _checked(model: type[Model], given: Any, problems: list[Invalid]) -> Model | None:
    """Return the model of what was given; None with its problems added where it does not fit."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        problems.extend(problems_of(error))
    except Invalid as problem:  # of our own validators: pydantic lets it through as it is
        problems.append(problem)
    return None


def _keep_version(session: Session, task: TaskDefinition, *, changed_by: str) -> None:
    content = task.content()
    session.add(
        TaskVersion(
            task_definition_id=task.id, version=task.version, content=content, changed_by=changed_by
        )
    )


def _check_parameters(content: TaskContent) -> None:
    names = [one.name for one in content.parameters]
    for name in names:
        if names.count(name) > 1:
            raise Invalid("The parameter “{name}” is defined twice.", field="parameters", name=name)
    for name in names_in(content.settings.get("sql", "")):
        if name not in names:
            raise Invalid(
                "The SQL uses :{name}, but no parameter of this name is defined.",
                field="sql",
                name=name,
            )
