"""From the name of a source to the source itself."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from tasks.clock import utcnow
from tasks.db import reading
from tasks.encryption import decrypt
from tasks.errors import ErrorKind, Invalid, JobError
from tasks.models import Source as SourceRow
from tasks.models import SourceKind
from tasks.models.source import is_quiet
from tasks.settings import settings
from tasks.sources.base import Glance, Source
from tasks.sources.circuit import Login
from tasks.sources.companies import settings_in
from tasks.sources.kinds import DuckDBSettings


def open_source(slug: str, *, reader: str = "") -> Source:
    """Return the source of this name; raises JobError where it cannot be read.

    `reader` names the task that reads, for whoever looks at the database's list of connections.
    """
    return source_of(row_of(slug), reader=reader)


def row_of(slug: str) -> SourceRow:
    """Return what is kept of the source of this name; raises JobError where it may not be read."""
    with reading() as session:
        row = session.scalars(select(SourceRow).where(SourceRow.slug == slug)).one_or_none()
    if row is None:
        raise JobError(
            "There is no source “{slug}”. Choose another one in the task.",
            kind=ErrorKind.SOURCE_UNREACHABLE,
            slug=slug,
        )
    if not row.is_active:
        raise JobError(
            "The source “{source}” is switched off. Switch it on on its page under Sources.",
            kind=ErrorKind.SOURCE_REFUSED,
            source=row.title,
        )
    return row


def awake(row: SourceRow) -> SourceRow:
    """Return the same row; raises JobError in the quiet hours of its source."""
    if is_quiet(row.quiet_from, row.quiet_to, now=utcnow(), zone=settings().zone):
        raise JobError(
            "The source “{source}” has its quiet hours until {time}. Ask it then.",
            kind=ErrorKind.SOURCE_REFUSED,
            source=row.title,
            time=f"{row.quiet_to:%H:%M}",
        )
    return row


def source_of(
    row: SourceRow,
    *,
    reader: str = "",
    asked: bool = False,
    glance: Glance | None = None,
    company: str = "",
) -> Source:
    """Return the source of this row; `asked` where a person wants its login tried in any case.

    With a `glance` nothing takes longer than it allows. With a `company` that schema is read;
    raises JobError for one that the source does not allow.
    """
    kept = settings_in(row, company)
    try:
        return _opened(row, kept, reader, asked, glance)
    except Invalid as error:
        refused = ErrorKind.SOURCE_REFUSED
        raise JobError(error.template, kind=refused, transient=False, **error.values) from error


def _opened(
    row: SourceRow, kept: Mapping[str, Any], reader: str, asked: bool, glance: Glance | None
) -> Source:
    if row.kind is SourceKind.DUCKDB:
        from tasks.sources.duckdb import DuckDBSource  # 20 MB that only a report needs

        file = DuckDBSettings.model_validate(kept)
        path, seconds = settings().home_dir / file.file, glance.seconds if glance else None
        return DuckDBSource(path, schema=file.schema_name, query_seconds=seconds)
    kept = kept if glance is None else glance.shortened(kept)
    password = decrypt(row.password_encrypted or "")
    if row.kind is SourceKind.HANA:
        from tasks.sources.hana import FETCH_ROWS, HanaSettings, HanaSource

        hana = HanaSettings.model_validate(kept)
        return HanaSource(
            row.title,
            hana,
            password=password,
            reader=reader,
            trying=_login(row, hana.connect_seconds, asked).trying,
            fetch_rows=glance.rows if glance else FETCH_ROWS,
        )
    from tasks.sources.sql_url import SqlSettings

    url = SqlSettings.model_validate(kept)
    trying = _login(row, url.connect_seconds, asked).trying
    if url.is_sql_server:
        from tasks.sources.mssql import MssqlSource

        return MssqlSource(row.title, url, password=password, reader=reader, trying=trying)
    from tasks.sources.postgresql import PostgresqlSource

    return PostgresqlSource(row.title, url, password=password, reader=reader, trying=trying)


def _login(row: SourceRow, connect_seconds: int, asked: bool) -> Login:
    return Login(row.id, row.title, row.login_version, connect_seconds, asked)
