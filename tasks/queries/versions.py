"""The versions of a task: a page of them, and one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tasks.errors import NotFound
from tasks.models import TaskDefinition, TaskVersion

PAGE = 20


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version, and the one before it where there is one."""

    version: TaskVersion
    before: TaskVersion | None


@dataclass(frozen=True, slots=True)
class VersionPage:
    """A page of versions, the newest first; `before` leads to the older ones."""

    rows: Sequence[VersionRow]
    before: int | None


def versions_page(
    session: Session, task: TaskDefinition, *, before: int | None = None
) -> VersionPage:
    """Read one page of a task's versions: those before this number, or the newest."""
    wanted = _versions_of(task).order_by(TaskVersion.version.desc()).limit(PAGE + 1)
    if before is not None:
        wanted = wanted.where(TaskVersion.version < before)
    found = session.scalars(wanted).all()
    pairs = zip(found, [*found[1:], None], strict=False)
    rows = [VersionRow(one, older) for one, older in pairs][:PAGE]
    return VersionPage(rows, rows[-1].version.version if len(found) > PAGE else None)


def version_of(session: Session, task: TaskDefinition, number: int) -> TaskVersion:
    """Return this version of the task; raises NotFound."""
    found = session.scalar(_versions_of(task).where(TaskVersion.version == number))
    if found is None:
        raise NotFound(
            "There is no version {number} of “{title}”.", number=number, title=task.title
        )
    return found


def version_before(session: Session, task: TaskDefinition, number: int) -> TaskVersion | None:
    """Return the newest version that is older than this number; None for the first."""
    older = _versions_of(task).where(TaskVersion.version < number)
    return session.scalar(older.order_by(TaskVersion.version.desc()).limit(1))


def _versions_of(task: TaskDefinition) -> Select[TaskVersion]:
    return select(TaskVersion).where(TaskVersion.task_definition_id == task.id)
