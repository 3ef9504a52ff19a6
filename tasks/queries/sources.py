"""Sources for the screen: each with how many tasks read it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tasks.models import Source, TaskDefinition


@dataclass(frozen=True, slots=True)
class SourceOverview:
    """A source of the list."""

    source: Source
    tasks: int


def source_overviews(session: Session) -> Sequence[SourceOverview]:
    """Read all sources by title."""
    name = TaskDefinition.settings["source"].as_string()
    counted = select(name, func.count()).where(name.is_not(None)).group_by(name)
    tasks = {str(row[0]): int(row[1]) for row in session.execute(counted)}
    found = session.scalars(select(Source).order_by(Source.title, Source.id))
    return [SourceOverview(one, tasks.get(one.slug, 0)) for one in found]
