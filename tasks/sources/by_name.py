"""From the name of a source to the source itself."""

from sqlalchemy import select

from tasks.db import reading
from tasks.errors import ErrorKind, JobError
from tasks.models import Source as SourceRow
from tasks.settings import settings
from tasks.sources.base import Source


def open_source(slug: str) -> Source:
    """Return the source of this name; raises JobError where there is none."""
    with reading() as session:
        row = session.scalars(select(SourceRow).where(SourceRow.slug == slug)).one_or_none()
    if row is None:
        raise JobError(
            "There is no source “{slug}”. Choose another one in the task.",
            kind=ErrorKind.SOURCE_UNREACHABLE,
            slug=slug,
        )
    from tasks.sources.duckdb import DuckDBSource  # 20 MB that only a report needs

    return DuckDBSource(settings().home_dir / row.settings["file"], schema=row.settings["schema"])
