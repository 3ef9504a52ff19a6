"""Taking saved queries over: each that can become a report becomes a task that is switched off."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from tasks.chains import chains_of
from tasks.definitions import change_task, content_of, create_task
from tasks.errors import Conflict, Invalid
from tasks.models import Source, TaskDefinition, TaskVersion
from tasks.queries.by_name import lock_source, task_named
from tasks.reports.render import Language
from tasks.saved_queries.converting import Converted, Outcome
from tasks.saved_queries.reading import SavedQuery
from tasks.slugs import LONGEST_SLUG, slug_of

CAME_FROM = {
    Language.ENGLISH: "Imported from Business One: ",
    Language.TURKISH: "Business One’dan alındı: ",
}
LONGEST_TITLE = 200
NAMELESS = "query"


class Fate(StrEnum):
    """What becomes, or became, of a saved query."""

    NEW = "new"
    TAKEN = "taken"
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    """It was taken before, and its text in Business One is another one now."""
    UPDATED = "updated"
    CANNOT = "cannot"


@dataclass(frozen=True, slots=True)
class Imported:
    """A saved query, what became of it, and the name of its task where it has one."""

    converted: Converted
    fate: Fate
    task: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Import:
    """How saved queries are taken: from which source, in which language, by whom.

    With `update`, a task whose query has changed since gets the new text as a new version.
    """

    source: Source
    language: Language
    changed_by: str
    owner_id: int | None = None
    update: bool = False


def fates(session: Session, converted: Sequence[Converted], source: Source) -> list[Imported]:
    """Tell what there is of each query of a page already; nothing is changed."""
    tasks = _tasks_of(session, converted, source)
    return [_known(session, one, tasks.get(one.query.number)) for one in converted]


def import_queries(session: Session, converted: Sequence[Converted], how: Import) -> list[Imported]:
    """Make a task of each query of a page that was not taken before, and can be."""
    lock_source(session, how.source)
    tasks = _tasks_of(session, converted, how.source)
    return [_imported(session, one, tasks, how) for one in converted]


def _known(session: Session, one: Converted, task: TaskDefinition | None) -> Imported:
    if one.outcome is Outcome.CANNOT:
        return Imported(one, Fate.CANNOT, task.slug if task else "")
    if task is None:
        return Imported(one, Fate.NEW)
    same = _has_been(session, task, one)
    return Imported(one, Fate.UNCHANGED if same else Fate.CHANGED, task.slug)


def _imported(
    session: Session, one: Converted, tasks: dict[int, TaskDefinition], how: Import
) -> Imported:
    """Take one query; its task is laid to `tasks`, for a query that is listed twice."""
    number = one.query.number
    known = _known(session, one, tasks.get(number))
    try:
        with session.begin_nested():
            if known.fate is Fate.NEW:
                tasks[number] = task = _create(session, one, how)
                return Imported(one, Fate.TAKEN, task.slug)
            if known.fate is Fate.CHANGED and how.update:
                return Imported(one, Fate.UPDATED, _update(session, one, known.task, how))
    except (Conflict, Invalid) as error:
        return Imported(one, Fate.CANNOT, why=error.message)
    return known


def _create(session: Session, one: Converted, how: Import) -> TaskDefinition:
    query = one.query
    content = content_of(
        slug=_slug(query, how.source),
        title=query.name[:LONGEST_TITLE],
        description=f"{CAME_FROM[how.language]}{query.category}/{query.name}",
        settings={"source": how.source.slug, "sql": one.sql, "language": how.language},
        parameters=list(one.parameters),
        is_active=False,
    )
    return create_task(session, content, changed_by=how.changed_by, owner_id=how.owner_id)


def _update(session: Session, one: Converted, slug: str, how: Import) -> str:
    """Give the task the new text as a new version; the one before can be restored."""
    task = task_named(session, slug)
    kept: dict[str, Any] = task.content() | {
        "settings": task.settings | {"sql": one.sql},
        "parameters": list(one.parameters),
    }
    content = content_of(slug=slug, chains=chains_of(session, task), **kept)
    change_task(session, task, content, version=task.version, changed_by=how.changed_by)
    return slug


def _slug(query: SavedQuery, source: Source) -> str:
    """The name of its task, which ends with what makes it the only one, and finds it again."""
    end = _end_of_slug(query, source)
    begin = (slug_of(query.name) or NAMELESS)[: LONGEST_SLUG - len(end)].strip("-")
    return f"{begin}{end}"


def _end_of_slug(query: SavedQuery, source: Source) -> str:
    number = str(query.number).replace("-", "m")
    return f"-{source.slug[:40].strip('-')}-{number}"


def _tasks_of(
    session: Session, converted: Sequence[Converted], source: Source
) -> dict[int, TaskDefinition]:
    """The tasks that were made of these queries, by number, whatever they are called by now."""
    ends = {one.query.number: _end_of_slug(one.query, source) for one in converted}
    ended = [TaskDefinition.slug.endswith(end, autoescape=True) for end in ends.values()]
    found = session.execute(
        select(TaskDefinition, TaskVersion)
        .join(TaskVersion, TaskVersion.task_definition_id == TaskDefinition.id)
        .where(or_(false(), *ended), TaskVersion.version == 1)
    )
    made = [task for task, first in found if _is_from(first, source)]
    return {
        number: task for number, end in ends.items() for task in made if task.slug.endswith(end)
    }


def _is_from(first: TaskVersion, source: Source) -> bool:
    """Whether a task came into being as a saved query of this source, and not by hand."""
    told = str(first.content.get("description", ""))
    read = first.content.get("settings", {}).get("source")
    return read == source.slug and told.startswith(tuple(CAME_FROM.values()))


def _has_been(session: Session, task: TaskDefinition, one: Converted) -> bool:
    """Whether some version of the task asks what the query asks now."""
    asks = (one.sql, _asked([each.model_dump(mode="json") for each in one.parameters]))
    contents = session.scalars(
        select(TaskVersion.content).where(TaskVersion.task_definition_id == task.id)
    )
    return any(
        (each.get("settings", {}).get("sql"), _asked(each.get("parameters", []))) == asks
        for each in contents
    )


def _asked(parameters: Sequence[Any]) -> list[tuple[str, str]]:
    """Titles are in a language, and may be better ones by now; names and types are what counts."""
    return [(one["name"], one["type"]) for one in parameters]
