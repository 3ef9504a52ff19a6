"""SQL Server as a source: a fresh connection for each query, never committed, bounded in each wait.

SQL Server knows no read-only transaction. So the text is judged before it is sent
(`mssql_text`), nothing is ever committed, and the user of the source may only SELECT, which the
test of the source verifies.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from pytds.tds_base import Param
from pytds.tds_types import NVarCharType

from tasks.errors import ErrorKind, JobError
from tasks.rows import Row
from tasks.sources.hana_errors import Whereabouts
from tasks.sources.mssql_channel import Channel
from tasks.sources.mssql_columns import column_of, mend_of
from tasks.sources.mssql_errors import FAULTS, explain, explain_login, stopped
from tasks.sources.mssql_login import Session, Wanted, log_in
from tasks.sources.mssql_text import Asked
from tasks.sources.sql_url import SqlSettings

APPLICATION = "Task Orchestrator"
FETCH_ROWS = 5_000
LOCK_SECONDS = 60
"""A report does not wait longer for rows that somebody is changing."""
MOST_NAMES = 100_001
"""One more than the editor keeps, so that it knows that there are more."""
LONGEST_VARYING = 4_000
"""In halves of UTF-16, as SQL Server counts."""
_FIRST_ERROR_SEVERITY = 11

_NAMES = f"""
SELECT TOP ({MOST_NAMES}) TABLE_NAME, COLUMN_NAME, DATA_TYPE FROM INFORMATION_SCHEMA.COLUMNS
WHERE TABLE_SCHEMA = COALESCE(NULLIF(?, ''), SCHEMA_NAME())
ORDER BY TABLE_NAME, ORDINAL_POSITION"""  # noqa: S608 (the number is ours)


class MssqlSource:
    """One database of a SQL Server; each query has a connection of its own."""

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
        self._kept, self._trying = kept, trying
        self._where = Whereabouts(title, kept.address, kept.query_seconds)
        self._wanted = _wanted(kept, password, reader)
        self._open: set[Channel] = set()
        self._lock = threading.Lock()

    @contextmanager
    def query(self, sql: str, parameters: Sequence[object]) -> Iterator["MssqlRows"]:
        """Run one query in a transaction that is never committed; raises JobError."""
        asked = Asked.of(sql, self._kept.schema_name)
        asked.check_count(len(parameters))
        with self._session() as session:
            yield MssqlRows(session, sql, asked, parameters, self._where)

    def names(self, schema: str) -> list[tuple[str, str, str]]:
        """Return each column of a schema that the user may see: table, name, type."""
        with self.query(_NAMES, (schema,)) as found:
            return [
                (str(table), str(name), str(kind))
                for batch in found.batches()
                for table, name, kind in batch
            ]

    def cancel(self) -> None:
        """Interrupt the queries that this source is running, from any thread."""
        with self._lock:
            running = tuple(self._open)
        for channel in running:
            channel.stop()

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with self._trying():
            session = self._connect()
        with self._lock:
            self._open.add(session.channel)
        try:
            yield session
        finally:
            with self._lock:
                self._open.discard(session.channel)
            session.close()

    def _connect(self) -> Session:
        try:
            session = log_in(self._wanted)
        except FAULTS as error:
            raise explain_login(error, self._where) from None
        try:
            self._prepare(session)
        except FAULTS as error:
            session.close()
            raise explain(error, self._where, channel=session.channel) from error
        return session

    def _prepare(self, session: Session) -> None:
        """Wait for locks no longer than we mean to, and rather lose than let others lose."""
        lock = min(LOCK_SECONDS, self._kept.query_seconds) * 1_000
        session.connection.cursor().execute(f"SET LOCK_TIMEOUT {lock}; SET DEADLOCK_PRIORITY LOW;")


class MssqlRows:
    """The open result of one query; rows come off the line as they are read."""

    def __init__(
        self,
        session: Session,
        sql: str,
        asked: Asked,
        parameters: Sequence[object],
        where: Whereabouts,
    ) -> None:
        self._channel, self._sql, self._where = session.channel, sql, where
        self._cursor = session.connection.cursor()
        values = tuple(_bound(one) for one in parameters)
        with self._asking():
            self._cursor.execute(asked.sql, values)
        described = self._cursor.description
        if not described:
            raise JobError("The query gives no rows. Write a SELECT.", kind=ErrorKind.SQL)
        self.columns = tuple(column_of(one) for one in described)
        mends = (mend_of(*one) for one in zip(described, self.columns, strict=True))
        self._mends = [(at, mend) for at, mend in enumerate(mends) if mend is not None]

    def batches(self, size: int = FETCH_ROWS) -> Iterator[list[Row]]:
        """Yield the rows in lists of at most `size`; a result that broke off raises JobError."""
        while rows := self._fetch(size):
            yield rows

    def _fetch(self, size: int) -> list[Row]:
        with self._asking():
            rows = self._cursor.fetchmany(size)
            if len(rows) < size:
                self._check_end()
            return self._mended(rows) if self._mends else rows

    def _mended(self, rows: list[Row]) -> list[Row]:
        columns = list(zip(*rows, strict=True))
        for at, mend in self._mends if rows else ():
            columns[at] = tuple([None if one is None else mend(one) for one in columns[at]])
        return list(zip(*columns, strict=True))

    def _check_end(self) -> None:
        """Read what stands behind the last row: an error there means that rows are missing."""
        if self._cursor.nextset():
            raise JobError("The text holds more than one query. Keep one.", kind=ErrorKind.SQL)
        for _kind, error in self._cursor.messages or ():
            if error.severity >= _FIRST_ERROR_SEVERITY:
                raise error

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Stand around one wait for the server, which the source's limit bounds."""
        self._channel.limit(self._where.seconds)
        self._check_stopped()
        try:
            yield
        except FAULTS as error:
            raise explain(error, self._where, channel=self._channel, sql=self._sql) from error
        self._check_stopped()

    def _check_stopped(self) -> None:
        """The driver takes the end of a stopped query for the end of its rows."""
        if self._channel.stopped:
            raise stopped()


def _wanted(kept: SqlSettings, password: str, reader: str) -> Wanted:
    url = kept.parts
    return Wanted(
        host=url.host or "",
        port=kept.port,
        database=url.database or "",
        user=url.username or "",
        password=password,
        reader=f"{APPLICATION}: {reader}" if reader else APPLICATION,
        seconds=kept.connect_seconds,
        encrypt=url.query.get("encrypt", "yes") == "yes",
        verify=url.query.get("trust_server_certificate", "no") == "no",
    )


def _bound(value: object) -> Any:
    """Give a text the type of a column; the driver's own is too long for any index."""
    if isinstance(value, str) and len(value.encode("utf-16-le")) <= 2 * LONGEST_VARYING:
        return Param(type=NVarCharType(size=LONGEST_VARYING), value=value)
    return value
