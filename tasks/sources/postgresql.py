"""PostgreSQL as a source: a fresh connection for each query, read-only, bounded in every wait."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.adapt import AdaptersMap
from psycopg.conninfo import make_conninfo
from psycopg.types.string import TextLoader

from tasks.errors import ErrorKind, JobError
from tasks.rows import Column, ColumnKind, Row
from tasks.settings import settings
from tasks.sources.hana_errors import Whereabouts
from tasks.sources.postgresql_errors import explain, explain_login
from tasks.sources.schema_name import place_schema
from tasks.sources.sql_text import tokens
from tasks.sources.sql_url import SqlSettings

APPLICATION = "Task Orchestrator"
FETCH_ROWS = 5_000
CANCEL_SECONDS = 5
CURSOR = "rows"
BEFORE = len(f'DECLARE "{CURSOR}" CURSOR FOR ')
"""What the driver puts before the query, and PostgreSQL counts as a part of it."""
EXPLAIN = "EXPLAIN (ANALYZE false) "
"""With options in parentheses no text behind it can say ANALYZE, which would run the query."""
PATIENCE: dict[str, int | str | None] = {
    "tcp_user_timeout": 8_000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
"""Without these a half-open line holds a fetch for a quarter of an hour."""

_PREPARE = (
    "SELECT set_config('default_transaction_read_only', 'on', false),"
    " set_config('statement_timeout', %s, false), set_config('TimeZone', %s, false),"
    " set_config('search_path', CASE WHEN %s = '' THEN current_setting('search_path')"
    " ELSE quote_ident(%s) END, false)"
)
_KINDS = {
    "bool": ColumnKind.BOOLEAN,
    **dict.fromkeys(("int2", "int4", "int8", "oid"), ColumnKind.INTEGER),
    "numeric": ColumnKind.DECIMAL,
    **dict.fromkeys(("float4", "float8"), ColumnKind.FLOAT),
    "date": ColumnKind.DATE,
    "time": ColumnKind.TIME,
    **dict.fromkeys(("timestamp", "timestamptz"), ColumnKind.DATETIME),
}
_BINARY = "bytea"


def _adapters() -> AdaptersMap:
    """Let what is neither a number nor a date come as PostgreSQL writes it: JSON, lists, UUIDs."""
    found = AdaptersMap(psycopg.adapters)
    for kind in psycopg.adapters.types:
        if kind.name not in _KINDS and kind.oid:
            found.register_loader(kind.oid, TextLoader)
        if kind.array_oid:
            found.register_loader(kind.array_oid, TextLoader)
    return found


class PostgresqlSource:
    """One PostgreSQL database; each query has a connection of its own, so no state outlives it."""

    def __init__(
        self,
        title: str,
        kept: SqlSettings,
        *,
        password: str,
        reader: str = "",
        trying: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """`reader` names the task that reads; `trying` stands around each login."""
        self._kept = kept
        self._password = password
        self._reader = f"{APPLICATION}: {reader}" if reader else APPLICATION
        self._trying = trying
        self._where = Whereabouts(title, kept.address, kept.query_seconds)
        self._open: set[psycopg.Connection[Any]] = set()
        self._lock = threading.Lock()

    @contextmanager
    def query(self, sql: str, parameters: Sequence[object]) -> Iterator["PostgresqlRows"]:
        """Run one query in a read-only transaction; raises JobError, with the place in `sql`."""
        with self._cursor() as cursor:
            asked = Asked.of(sql, self._kept.schema_name)
            yield PostgresqlRows(cursor, asked, parameters, self._where)

    def explain(self, sql: str, parameters: Sequence[object]) -> list[str]:
        """Return the lines of PostgreSQL's plan; raises JobError, with the place in `sql`."""
        asked = Asked.of(sql, self._kept.schema_name)
        _check_count(len(asked.marks), len(parameters))
        with (
            self._connection() as connection,
            _explained(asked, self._where, len(EXPLAIN)),
            psycopg.RawCursor(connection) as cursor,
        ):
            cursor.execute((EXPLAIN + asked.sql).encode(), list(parameters))
            return [str(line) for (line,) in cursor]

    def cancel(self) -> None:
        """Interrupt the queries that this source is running, from any thread."""
        with self._lock:
            running = tuple(self._open)
        for connection in running:
            connection.cancel_safe(timeout=CANCEL_SECONDS)

    @contextmanager
    def _cursor(self) -> Iterator[psycopg.RawServerCursor[Any]]:
        with ExitStack() as last, self._connection() as connection:
            cursor = psycopg.RawServerCursor(connection, CURSOR)
            last.callback(cursor.close)  # after the connection, so that it sends nothing more
            yield cursor

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[Any]]:
        with self._trying():
            connection = self._connect()
        with self._lock:
            self._open.add(connection)
        try:
            yield connection
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()

    def _connect(self) -> psycopg.Connection[Any]:
        try:
            connection = psycopg.connect(self._conninfo(), autocommit=True, context=_adapters())
        except psycopg.Error as error:
            raise explain_login(error, self._where) from None
        try:
            self._prepare(connection)
        except psycopg.Error as error:
            connection.close()
            raise explain(error, self._where) from error
        return connection

    def _prepare(self, connection: psycopg.Connection[Any]) -> None:
        """Set what holds for this session only, then open every transaction to read only."""
        kept = self._kept
        limit = str(kept.query_seconds * 1_000)
        given = (limit, settings().timezone, kept.schema_name, kept.schema_name)
        connection.execute(_PREPARE, given)
        connection.autocommit = False
        connection.read_only = True

    def _conninfo(self) -> str:
        url = self._kept.parts
        return make_conninfo(
            "",
            host=url.host,
            port=self._kept.port,
            dbname=url.database,
            user=url.username,
            password=self._password,
            connect_timeout=self._kept.connect_seconds,
            application_name=self._reader,
            client_encoding="utf8",
            gssencmode="disable",
            **PATIENCE,
            **{name: str(value) for name, value in url.query.items()},
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """An author's query as PostgreSQL gets it: with the company's name, and `$1` for each `?`."""

    authors: str
    sql: str
    marks: tuple[int, ...]
    """Where the question marks stood, after the company was put in."""
    authors_offset: Callable[[int], int]

    @classmethod
    def of(cls, authors: str, schema: str) -> "Asked":
        placed = place_schema(authors, schema)
        marks = [one.start for one in tokens(placed.sql) if (one.sort, one.text) == ("sign", "?")]
        sql, read = "", 0
        for number, start in enumerate(marks, 1):
            sql, read = f"{sql}{placed.sql[read:start]}${number}", start + 1
        return cls(authors, sql + placed.sql[read:], tuple(marks), placed.authors_offset)

    def offset(self, there: int) -> int:
        """Return where in the author's text stands what is at this offset of `sql`."""
        shift = 0
        for number, start in enumerate(self.marks, 1):
            if start + shift >= there:
                break
            shift += len(f"${number}") - 1
        return self.authors_offset(max(there - shift, 0))


class PostgresqlRows:
    """The open result of one query, behind a cursor of the server; rows come as they are read."""

    def __init__(
        self,
        cursor: psycopg.RawServerCursor[Any],
        asked: Asked,
        parameters: Sequence[object],
        where: Whereabouts,
    ) -> None:
        _check_count(len(asked.marks), len(parameters))
        self._cursor, self._asked, self._where = cursor, asked, where
        with _explained(self._asked, self._where, BEFORE):
            # By the extended protocol, which takes one statement only.
            cursor.execute(asked.sql.encode(), list(parameters))
        described = cursor.description or []
        names = {one.type_code: _type_name(cursor, one.type_code) for one in described}
        self.columns = tuple(_column(one, names[one.type_code]) for one in described)

    def batches(self, size: int = FETCH_ROWS) -> Iterator[list[Row]]:
        """Yield the rows in lists of at most `size`."""
        while rows := self._fetch(size):
            yield rows

    def _fetch(self, size: int) -> list[Row]:
        with _explained(self._asked, self._where, BEFORE):
            return list(self._cursor.fetchmany(size))


@contextmanager
def _explained(asked: Asked, where: Whereabouts, before: int) -> Iterator[None]:
    """Turn an error into one for the author; `before` is how many letters stand before his."""
    began = time.monotonic()
    try:
        yield
    except psycopg.Error as error:
        seconds = time.monotonic() - began

        def place(there: int) -> int:
            return asked.offset(there - before)

        raise explain(error, where, sql=asked.authors, at=place, seconds=seconds) from error


def _type_name(cursor: psycopg.RawServerCursor[Any], oid: int) -> str:
    known = cursor.adapters.types.get(oid)
    return known.name if known is not None and known.oid == oid else ""


def _column(described: psycopg.Column, type_name: str) -> Column:
    if type_name == _BINARY:
        raise JobError(
            'The column "{name}" holds binary content, which a report cannot show. Leave it out, '
            "or turn it into text.",
            kind=ErrorKind.SQL,
            name=described.name,
        )
    kind = _KINDS.get(type_name, ColumnKind.TEXT)
    return Column(described.name, kind, scale=described.scale)


def _check_count(wanted: int, given: int) -> None:
    if wanted != given:
        raise JobError(
            "The query has {wanted} parameters but {given} values were given.",
            kind=ErrorKind.PARAMETER,
            wanted=wanted,
            given=given,
        )
