"""Adding reports of the kit: each becomes a task over a source, with a schedule switched off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.definitions import TaskContent, content_of, create_task
from tasks.errors import Invalid
from tasks.kit.report import KitReport, kit
from tasks.models import ScheduleKind, Source, SourceKind, TaskDefinition
from tasks.queries.by_name import lock_source
from tasks.reports.render import Language
from tasks.scheduling.edit import create_schedule
from tasks.settings import settings
from tasks.slugs import LONGEST_SLUG

SUGGESTION = {Language.ENGLISH: "Suggestion of the kit", Language.TURKISH: "Kitin önerisi"}


class Fate(StrEnum):
    """What became of a report that was to be added."""

    ADDED = "added"
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    """There is a task of it, and its query or its parameters are no longer the kit's."""
    TAKEN = "taken"
    """Another task has its name."""


@dataclass(frozen=True, slots=True)
class Added:
    """A report, the name of its task, and what became of it."""

    report: KitReport
    slug: str
    fate: Fate


@dataclass(frozen=True, slots=True)
class Adding:
    """How reports are added: over which source, in which language, for whom, and by whom."""

    source: Source
    language: Language
    now: datetime
    added_by: str
    recipients: tuple[str, ...] = ()
    owner_id: int | None = None


def chosen(names: Sequence[str], language: Language) -> list[KitReport]:
    """Return the reports of these names in their order, each once; raises Invalid."""
    known = {one.slug: one for one in kit(language)}
    for name in names:
        if name not in known:
            raise Invalid(
                "There is no report “{name}” in the kit. It has: {known}.",
                field="reports",
                name=name,
                known=", ".join(known),
            )
    return [known[name] for name in dict.fromkeys(names)]


def add_reports(session: Session, reports: Sequence[KitReport], how: Adding) -> list[Added]:
    """Make a task of each report that has none over this source; what is there stays as it is."""
    if how.source.kind is SourceKind.SQL:
        raise Invalid(
            "“{title}” is no database of SAP Business One on HANA, so the kit cannot read it. "
            "Choose another source.",
            field="source",
            title=how.source.title,
        )
    lock_source(session, how.source)
    return [_added(session, one, how) for one in reports]


def fate_of(session: Session, report: KitReport, source: Source) -> Added | None:
    """Tell what there is of a report over a source already; None where it can be added."""
    found = _tasks(session, report, source)
    ours = next((one for one in found if one.settings.get("source") == source.slug), None)
    if ours is not None:
        same = _is_kits_own(ours, report.slug)
        return Added(report, ours.slug, Fate.UNCHANGED if same else Fate.CHANGED)
    if len(found) == len(_slugs(report, source)):
        return Added(report, found[-1].slug, Fate.TAKEN)
    return None


def _added(session: Session, report: KitReport, how: Adding) -> Added:
    there = fate_of(session, report, how.source)
    if there is not None:
        return there
    used = {one.slug for one in _tasks(session, report, how.source)}
    slug = next(one for one in _slugs(report, how.source) if one not in used)
    content = _content(report, slug, how)
    task = create_task(session, content, changed_by=how.added_by, owner_id=how.owner_id)
    _suggest(session, task, report, how)
    return Added(report, slug, Fate.ADDED)


def _slugs(report: KitReport, source: Source) -> list[str]:
    """The names for its task: its own, and one for a second company beside the first."""
    return [report.slug, f"{report.slug}-{source.slug}"[:LONGEST_SLUG].strip("-")]


def _tasks(session: Session, report: KitReport, source: Source) -> list[TaskDefinition]:
    """The tasks that have one of these names, the report's own first."""
    slugs = _slugs(report, source)
    found = session.scalars(select(TaskDefinition).where(TaskDefinition.slug.in_(slugs)))
    return sorted(found, key=lambda one: slugs.index(one.slug))


def _is_kits_own(task: TaskDefinition, slug: str) -> bool:
    """Whether the task still asks what the kit asks, in one of its languages."""
    return any(
        task.settings.get("sql") == one.sql
        and [dict(each) for each in task.parameters] == _kept_parameters(one)
        for language in Language
        for one in kit(language)
        if one.slug == slug
    )


def _kept_parameters(report: KitReport) -> list[dict[str, Any]]:
    return [one.model_dump(mode="json") for one in _plain(report, report.slug).parameters]


def _plain(report: KitReport, slug: str, **more: object) -> TaskContent:
    """The content of the report's task, with what else stands in its settings."""
    return content_of(
        slug=slug,
        title=report.title,
        description=report.description,
        settings={"source": "kit", "sql": report.sql, "formats": list(report.formats)} | more,
        parameters=list(report.parameters),
    )


def _content(report: KitReport, slug: str, how: Adding) -> TaskContent:
    return _plain(
        report,
        slug,
        source=how.source.slug,
        language=how.language,
        recipients=list(how.recipients),
    )


def _suggest(session: Session, task: TaskDefinition, report: KitReport, how: Adding) -> None:
    """Nothing is mailed before a person has looked: the schedule waits to be switched on."""
    create_schedule(
        session,
        task,
        now=how.now,
        name=SUGGESTION[how.language],
        kind=ScheduleKind.CRON,
        cron=report.schedule,
        timezone=settings().timezone,
        enabled=False,
    )
