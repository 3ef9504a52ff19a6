"""Taking periodic tasks over: each becomes a schedule of a task of ours, or says why not."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.errors import Invalid, NotFound
from tasks.importing.columns import convert
from tasks.importing.tables import Periodic
from tasks.models import Schedule, TaskDefinition
from tasks.queries.by_name import task_named
from tasks.scheduling.edit import create_schedule


class Fate(StrEnum):
    """What became of a periodic task."""

    TAKEN = "taken"
    TAKEN_BEFORE = "taken_before"
    NOT_TAKEN = "not_taken"


@dataclass(frozen=True, slots=True)
class Imported:
    """A periodic task by its number, its own name and its Celery task's, and what became of it."""

    id: int
    name: str
    celery_task: str
    fate: Fate
    task: str | None = None
    schedule: Schedule | None = None
    why: str = ""
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Import:
    """How periodic tasks of a package are taken over.

    `slugs` leads from the name of a Celery task, or of a periodic one, to a task of ours. `zone` is
    that of the instants that are kept without one.
    """

    package: str
    slugs: Mapping[str, str]
    zone: ZoneInfo
    now: datetime


def import_schedules(session: Session, found: Sequence[Periodic], how: Import) -> list[Imported]:
    """Make a schedule of each periodic task that was not taken before. Nothing fires by it."""
    return [_imported(session, one, how) for one in found]


def _imported(session: Session, one: Periodic, how: Import) -> Imported:
    number, name, celery_task = int(one.row["id"]), str(one.row["name"]), str(one.row["task"])
    key = f"import:{how.package}:{number}"
    known = session.scalars(select(Schedule).where(Schedule.code_key == key)).one_or_none()
    if known is not None:
        why = f"it is schedule {known.id}"
        return Imported(number, name, celery_task, Fate.TAKEN_BEFORE, schedule=known, why=why)
    try:
        task = _task_of(session, name, celery_task, how.slugs)
        converted = convert(one, now=how.now, zone=how.zone)
        with session.begin_nested():
            schedule = create_schedule(
                session, task, now=how.now, **converted.columns, code_key=key
            )
    except (Invalid, NotFound) as error:
        return Imported(number, name, celery_task, Fate.NOT_TAKEN, why=error.message)
    return Imported(
        number, name, celery_task, Fate.TAKEN, task.slug, schedule, notes=converted.notes
    )


def _task_of(
    session: Session, name: str, celery_task: str, slugs: Mapping[str, str]
) -> TaskDefinition:
    """Return the task that is meant by name; raises NotFound."""
    chosen = slugs.get(celery_task) or slugs.get(name)
    if chosen is not None:
        return task_named(session, chosen)
    guesses = [_slug(celery_task.rpartition(".")[2]), _slug(name)]
    found = session.scalars(select(TaskDefinition).where(TaskDefinition.slug.in_(guesses))).all()
    if not found:
        raise NotFound(
            "There is no task “{guess}”. Make it, or name another one by --task {old}=NAME.",
            guess=guesses[0] or guesses[1],
            old=celery_task,
        )
    return min(found, key=lambda task: guesses.index(task.slug))


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
