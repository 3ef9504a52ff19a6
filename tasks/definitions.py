"""Saving a task: its content is checked as a whole, and each change keeps a version."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.addresses import checked_addresses
from tasks.authorship import REPORT, further_queries
from tasks.chains import ChainContent, chains_of, set_chains
from tasks.channels.editing_uses import check_account, check_uses
from tasks.errors import Conflict, ErrorKind, Invalid, changed_meanwhile
from tasks.jobs.registry import find_job
from tasks.models import Overlap, Source, SourceKind, TaskDefinition, TaskVersion
from tasks.models.base import JsonObject
from tasks.models.task import NEVER_REPEATED, TRANSIENT_KINDS
from tasks.problems import problems_of
from tasks.recipients import check_inside
from tasks.reports.addressed import check_domains
from tasks.reports.binding import names_in
from tasks.reports.checked import check_at_save
from tasks.reports.choices_saved import check_choices
from tasks.reports.parameters import ParameterDefinition, ParameterType
from tasks.reports.parameters.types import OF_COMPANIES
from tasks.slugs import LONGEST_SLUG, SLUG, check_slug

Model = TypeVar("Model", bound=BaseModel)

LONGEST_DEADLINE = 30 * 86_400
LONGEST_RETENTION = 3_650
MOST_ALERTED = 50
MOST_KEPT = 10_000


class TaskContent(BaseModel):
    """Everything about a task that a person decides."""

    model_config = ConfigDict(extra="forbid")

    slug: str = Field(pattern=rf"^{SLUG}$", max_length=LONGEST_SLUG)
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
    retry_jitter: float = Field(0.1, ge=0, le=1)
    retry_on: list[ErrorKind] = Field(default_factory=lambda: list(TRANSIENT_KINDS))
    safe_to_repeat: bool = True
    overlap: Overlap = Overlap.ALLOW
    max_running: int | None = Field(None, ge=1, le=1_000)
    start_deadline_seconds: int | None = Field(None, ge=1, le=LONGEST_DEADLINE)
    finish_deadline_seconds: int | None = Field(None, ge=1, le=LONGEST_DEADLINE)
    alert_recipients: list[str] = Field(default_factory=list, max_length=MOST_ALERTED)
    artifact_retention_days: int | None = Field(None, ge=1, le=LONGEST_RETENTION)
    artifact_keep_last: int | None = Field(None, ge=1, le=MOST_KEPT)
    run_retention_days: int | None = Field(None, ge=1, le=LONGEST_RETENTION)
    chains: list[ChainContent] = Field(default_factory=list)
    is_active: bool = True

    @field_validator("alert_recipients")
    @classmethod
    def _addresses(cls, given: list[str]) -> list[str]:
        return checked_addresses(given, field="alert_recipients")

    @field_validator("retry_on")
    @classmethod
    def _worth_repeating(cls, given: list[ErrorKind]) -> list[ErrorKind]:
        if any(kind in NEVER_REPEATED for kind in given):
            raise Invalid(
                "A wrong query or parameter fails the same way each time: take it away.",
                field="retry_on",
            )
        return list(dict.fromkeys(given))

    def columns(self) -> dict[str, Any]:
        """Return what stands in the task's own row."""
        return self.model_dump(mode="json", exclude={"chains"}) | {"overlap": self.overlap}


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
    _check_companies(content)
    _check_policies(content)
    check_domains(content.settings if content.job == REPORT else {})
    check_inside(content.alert_recipients, field="alert_recipients")
    return content


def create_task(
    session: Session, content: TaskContent, *, changed_by: str, owner_id: int | None = None
) -> TaskDefinition:
    """Save a new task with its first version; raises Conflict where the name is taken."""
    check_slug(content.slug)
    taken = session.scalar(select(TaskDefinition.id).where(TaskDefinition.slug == content.slug))
    if taken is not None:
        raise Conflict("There is a task “{slug}” already. Choose another name.", slug=content.slug)
    _check_sql(session, content, {})
    _check_choices(session, content, ())
    _check_channels(session, content, {})
    task = TaskDefinition(**content.columns(), owner_id=owner_id, version=1)
    session.add(task)
    session.flush()
    set_chains(session, task, content.chains)
    _keep_version(session, task, changed_by=changed_by)
    return task


def change_task(
    session: Session, task: TaskDefinition, content: TaskContent, *, version: int, changed_by: str
) -> TaskDefinition:
    """Save a change made to version `version`; raises Conflict where somebody else was quicker."""
    if task.version != version:
        raise changed_meanwhile(task.title)
    _check_sql(session, content, task.settings)
    _check_choices(session, content, task.parameters)
    _check_channels(session, content, task.settings)
    before = whole_content(session, task)
    for name, value in content.columns().items():
        if name != "slug":
            setattr(task, name, value)
    set_chains(session, task, content.chains)
    if whole_content(session, task) != before:
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


def whole_content(session: Session, task: TaskDefinition) -> JsonObject:
    """Return what a version keeps of a task: its own row's content, and its chains."""
    chains = [
        one.model_dump(mode="json") | {"parameters": one.kept()} for one in chains_of(session, task)
    ]
    return task.content() | {"chains": chains}


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
    content = whole_content(session, task)
    session.add(
        TaskVersion(
            task_definition_id=task.id, version=task.version, content=content, changed_by=changed_by
        )
    )


def _check_parameters(content: TaskContent) -> None:
    names = [name for one in content.parameters for name in one.names]
    for name in names:
        if names.count(name) > 1:
            raise Invalid("The parameter “{name}” is defined twice.", field="parameters", name=name)
    for field, sql in _queries(content.job, content.settings).items():
        for name in names_in(sql):
            if name not in names:
                raise Invalid(
                    "The SQL uses :{name}, but no parameter of this name is defined.",
                    field=field,
                    name=name,
                )


def _check_companies(content: TaskContent) -> None:
    """One parameter says which company `{schema}` is; two could not both be right."""
    found = [one for one in content.parameters if one.type in OF_COMPANIES]
    if content.job == REPORT and len(found) <= 1:
        return
    for one in found[1:] or found:
        raise Invalid(
            "{title}: only a report can choose companies, and by one parameter only. Remove this "
            "one, or give it another type.",
            field=f"parameters.{one.name}.type",
            title=one.title,
        )


def _check_sql(session: Session, content: TaskContent, before: Mapping[str, Any]) -> None:
    """Raise Invalid where the SQL is no query that only reads.

    What stays as it was is not judged anew: who changes the recipients did not write it.
    """
    if content.job != REPORT:
        return
    same_source = before.get("source") == content.settings.get("source")
    known = _queries(REPORT, before).values() if same_source else ()
    for field, sql in _queries(REPORT, content.settings).items():
        if sql not in known:
            check_at_save(sql, kind=_source_kind(session, content), field=field)


def _queries(job: str, settings: Mapping[str, Any]) -> dict[str, str]:
    """Return all SQL of a task, by the setting that it stands in."""
    own = {"sql": str(settings.get("sql") or "")}
    return own | further_queries(settings) if job == REPORT else own


def _check_choices(
    session: Session, content: TaskContent, before: Sequence[Mapping[str, Any]]
) -> None:
    kind = _source_kind(session, content) if content.job == REPORT else None
    check_choices(content.parameters, kind=kind, known=[one.get("sql", "") for one in before])


def _check_channels(session: Session, content: TaskContent, before: Mapping[str, Any]) -> None:
    if content.job == REPORT:
        check_uses(session, content.settings, before)
        if content.settings.get("template"):
            from tasks.reports.workbooks.kept import check_template  # lxml weighs 10 MB

            check_template(session, content.settings, before)
        check_account(session, content.settings, before)


def _source_kind(session: Session, content: TaskContent) -> SourceKind:
    """Return the kind of a report's source; one that is not known is judged as the strictest."""
    wanted = select(Source.kind).where(Source.slug == content.settings.get("source"))
    return session.scalar(wanted) or SourceKind.HANA


def _check_policies(content: TaskContent) -> None:
    if content.max_running and content.overlap is not Overlap.ALLOW:
        raise Invalid(
            "Only where runs may overlap can their number be limited. Take the limit away, or "
            "let them overlap.",
            field="max_running",
        )
    _check_since(content)
    start, finish = content.start_deadline_seconds, content.finish_deadline_seconds
    if start and finish and finish <= start:
        raise Invalid(
            "It has to be finished by a time that is later than the time it has to start by.",
            field="finish_deadline_seconds",
        )


def _check_since(content: TaskContent) -> None:
    """Two runs at once would both begin at the same success, and read the same twice."""
    counts = any(one.type is ParameterType.SINCE for one in content.parameters)
    if counts and content.overlap is Overlap.ALLOW and content.max_running != 1:
        raise Invalid(
            "A parameter counts since the last success, so runs must not overlap. Let a run wait "
            "until the one before has ended.",
            field="overlap",
        )
