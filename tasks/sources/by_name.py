"""From the name of a source to the source itself."""

from sqlalchemy import select

from tasks.db import reading
from tasks.encryption import decrypt
from tasks.errors import ErrorKind, Invalid, JobError
from tasks.models import Source as SourceRow
from tasks.models import SourceKind
from tasks.settings import settings
from tasks.sources.base import Source
from tasks.sources.circuit import Login
from tasks.sources.kinds import DuckDBSettings


def open_source(slug: str, *, reader: str = "") -> Source:
    """Return the source of this name; raises JobError where it cannot be read.

    `reader` names the task that reads, for whoever looks at the database's list of connections.
    """
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
    return source_of(row, reader=reader)


def source_of(row: SourceRow, *, reader: str = "", asked: bool = False) -> Source:
    """Return the source of this row; `asked` where a person wants its login tried in any case."""
    try:
        return _opened(row, reader, asked)
    except Invalid as error:
        refused = ErrorKind.SOURCE_REFUSED
        raise JobError(error.template, kind=refused, transient=False, **error.values) from error


def _opened(row: SourceRow, reader: str, asked: bool) -> Source:
    if row.kind is SourceKind.DUCKDB:
        from tasks.sources.duckdb import DuckDBSource  # 20 MB that only a report needs

        file = DuckDBSettings.model_validate(row.settings)
        return DuckDBSource(settings().home_dir / file.file, schema=file.schema_name)
    password = decrypt(row.password_encrypted or "")
    if row.kind is SourceKind.HANA:
        from tasks.sources.hana import HanaSettings, HanaSource

        hana = HanaSettings.model_validate(row.settings)
        trying = _login(row, hana.connect_seconds, asked).trying
        return HanaSource(row.title, hana, password=password, reader=reader, trying=trying)
    from tasks.sources.postgresql import PostgresqlSource
    from tasks.sources.sql_url import SqlSettings

    url = SqlSettings.model_validate(row.settings)
    trying = _login(row, url.connect_seconds, asked).trying
    return PostgresqlSource(row.title, url, password=password, reader=reader, trying=trying)


def _login(row: SourceRow, connect_seconds: int, asked: bool) -> Login:
    return Login(row.id, row.title, row.login_version, connect_seconds, asked)
