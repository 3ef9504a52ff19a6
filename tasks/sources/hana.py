"""SAP HANA through hdbcli: a fresh connection for each query, read-only, bounded in every wait."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any

from hdbcli import dbapi
from pydantic import BaseModel, ConfigDict, Field, model_validator

from tasks.errors import ErrorKind, Invalid, JobError
from tasks.rows import Column, ColumnKind, Row
from tasks.sources import business_one_marks
from tasks.sources.hana_errors import Whereabouts, explain
from tasks.sources.schema_name import Placed, place_schema
from tasks.sources.sql_text import spoken

APPLICATION = "Task Orchestrator"
FIRST_STATEMENTS = ("SET TRANSACTION READ ONLY", "SELECT 1 FROM DUMMY")
"""The second so that HANA answers with a context: before that the driver tells it no timeout."""

FETCH_ROWS = 5_000
ANSWER_SECONDS = 20
"""How long HANA may be silent beyond the time that the query itself may take."""

_KINDS = {
    **dict.fromkeys((1, 2, 3, 4), ColumnKind.INTEGER),
    5: ColumnKind.DECIMAL,
    **dict.fromkeys((6, 7), ColumnKind.FLOAT),
    14: ColumnKind.DATE,
    15: ColumnKind.TIME,
    16: ColumnKind.DATETIME,
    28: ColumnKind.BOOLEAN,
}
_BINARY = frozenset({12, 13, 27, 33, 53, 74, 75})
"""BINARY, VARBINARY, BLOB, BSTRING, BINTEXT, ST_GEOMETRY, ST_POINT: nothing a report can show."""

PEM = "-----BEGIN CERTIFICATE-----"

NO_SCALE = 32_767
"""What HANA says of a DECIMAL without precision: each value has its own number of decimals."""
_FLOATING = frozenset({(16, 0), (34, 0)})
"""Precision and scale that the driver makes of it, for SMALLDECIMAL and for DECIMAL."""

_EXACT = Context(prec=76, traps=[Inexact, InvalidOperation])


class HanaSettings(BaseModel):
    """Where HANA is, and how long to wait for it; the password is kept apart."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    address: str = Field(min_length=1, max_length=255, pattern=r"^[A-Za-z0-9.:\-\[\]]+$")
    port: int | None = Field(None, ge=1, le=65_535)
    instance: int | None = Field(None, ge=0, le=97)
    """The two digits of an instance; its first tenant listens on port 3<instance>15."""
    database: str = Field("", max_length=100)
    user: str = Field(min_length=1, max_length=127)
    schema_name: str = Field("", alias="schema", max_length=127)
    encrypt: bool = True
    validate_certificate: bool = True
    certificate: str = Field("", max_length=100_000)
    """The certificates to trust, as PEM; empty: those of the machine."""
    connect_seconds: int = Field(10, ge=1, le=120)
    query_seconds: int = Field(600, ge=1, le=86_400)

    @model_validator(mode="after")
    def _fits_together(self) -> "HanaSettings":
        if (self.port is None) == (self.instance is None):
            raise Invalid("Give either the port or the number of the instance.", field="port")
        if self.certificate and not self.certificate.lstrip().startswith(PEM):
            raise Invalid(
                "Give the certificate itself, as text that begins with {begin}.",
                field="certificate",
                begin=PEM,
            )  # the driver would take anything else for the name of a file of this machine
        return self

    @property
    def tcp_port(self) -> int:
        """The port that the driver connects to."""
        return self.port if self.port is not None else 30_015 + 100 * (self.instance or 0)


class HanaSource:
    """One HANA database; each query has a connection of its own, so no state outlives it."""

    def __init__(
        self,
        title: str,
        kept: HanaSettings,
        *,
        password: str,
        reader: str = "",
        trying: Callable[[], AbstractContextManager[None]] = nullcontext,
        fetch_rows: int = FETCH_ROWS,
    ) -> None:
        """`reader` names the task that reads, for whoever looks at HANA's list of connections.

        `trying` stands around each login; see tasks.sources.circuit. `fetch_rows` is how many
        rows the driver asks for at once.
        """
        self._trying = trying
        self._fetch_rows = fetch_rows
        self._kept = kept
        self._password = password
        self._reader = f"{APPLICATION}: {reader}" if reader else APPLICATION
        self._where = Whereabouts(title, f"{kept.address}:{kept.tcp_port}", kept.query_seconds)
        self._open: set[Any] = set()
        self._lock = threading.Lock()

    @contextmanager
    def query(self, sql: str, parameters: Sequence[object]) -> Iterator["HanaRows"]:
        """Run one query in a read-only transaction; raises JobError, with the place in `sql`."""
        business_one_marks.refuse(sql, spoken(sql))
        with self._connection() as connection:
            yield HanaRows(
                connection, sql, self._kept, parameters, self._where, fetch_rows=self._fetch_rows
            )

    def cancel(self) -> None:
        """Interrupt the queries that this source is running, from any thread.

        The driver opens a second connection for it; raises where HANA does not take the order.
        """
        with self._lock:
            running = tuple(self._open)
        for connection in running:
            connection.cancel()

    @contextmanager
    def _connection(self) -> Iterator[Any]:
        with self._trying(), _explained(self._where):
            connection = dbapi.connect(**self._properties())
        with self._lock:
            self._open.add(connection)
        try:
            with _explained(self._where):
                connection.setclientinfo("APPLICATION", self._reader)
                with connection.cursor() as cursor:
                    for statement in FIRST_STATEMENTS:
                        cursor.execute(statement)
            yield connection
        finally:
            with self._lock:
                self._open.discard(connection)
            _close(connection)

    def _properties(self) -> dict[str, Any]:
        kept = self._kept
        silence = kept.query_seconds + ANSWER_SECONDS
        found: dict[str, Any] = {
            "address": kept.address,
            "port": kept.tcp_port,
            "user": kept.user,
            "password": self._password,
            "autocommit": False,
            "reconnect": "false",  # a new session would have another schema, and may write
            "connectTimeout": kept.connect_seconds * 1_000,
            "communicationTimeout": silence * 1_000,
            "encrypt": kept.encrypt,
            "sslValidateCertificate": kept.validate_certificate,
        }
        if kept.certificate:
            found["sslTrustStore"] = kept.certificate
        if kept.database:
            found["databaseName"] = kept.database
        if kept.schema_name:
            found["currentSchema"] = kept.schema_name
        return found


class HanaRows:
    """The open result of one query; the driver fetches as the rows are read."""

    def __init__(
        self,
        connection: Any,
        sql: str,
        kept: HanaSettings,
        parameters: Sequence[object],
        where: Whereabouts,
        *,
        fetch_rows: int = FETCH_ROWS,
    ) -> None:
        self._sql, self._where = sql, where
        self._placed = place_schema(sql, kept.schema_name)
        self._cursor = connection.cursor()
        with _explained(where, self._sql, self._placed):
            self._cursor.setquerytimeout(kept.query_seconds)
            self._cursor.setfetchsize(fetch_rows)
            if parameters:
                self._cursor.execute(self._placed.sql, tuple(parameters))
            else:
                self._cursor.execute(self._placed.sql)
        self.columns = tuple(_column(entry) for entry in self._cursor.description or ())

    def batches(self, size: int = FETCH_ROWS) -> Iterator[list[Row]]:
        """Yield the rows in lists of at most `size`; decimals have the scale of their column."""
        scales = [
            (at, Decimal(1).scaleb(-column.scale))
            for at, column in enumerate(self.columns)
            if column.scale is not None
        ]
        while rows := self._fetch(size):
            yield _scaled(rows, scales) if scales else rows

    def _fetch(self, size: int) -> list[Row]:
        with _explained(self._where, self._sql, self._placed):
            rows: list[Row] = self._cursor.fetchmany(size)
        return rows


def _scaled(rows: list[Row], scales: Sequence[tuple[int, Decimal]]) -> list[Row]:
    """Give decimals back the zeros that the driver drops: 1.50 arrives as 1.5."""
    columns = list(zip(*rows, strict=True))
    quantize = _EXACT.quantize  # twice as fast as the method of each value
    for at, scale in scales:
        with suppress(Inexact):  # more decimals than were announced: they are kept
            columns[at] = tuple(
                [None if value is None else quantize(value, scale) for value in columns[at]]
            )
    return list(zip(*columns, strict=True))


def _column(entry: Sequence[Any]) -> Column:
    name, code, precision, scale = str(entry[0]), int(entry[1]), entry[4], entry[5]
    if code in _BINARY:
        raise JobError(
            'The column "{name}" holds binary content, which a report cannot show. Leave it out, '
            "or turn it into text with BINTOHEX.",
            kind=ErrorKind.SQL,
            name=name,
        )
    kind = _KINDS.get(code, ColumnKind.TEXT)
    if kind is not ColumnKind.DECIMAL or scale in (None, NO_SCALE):
        return Column(name, kind)
    floats = (precision, scale) in _FLOATING
    return Column(name, kind, scale=None if floats else int(scale))


def _close(connection: Any) -> None:
    """Close it; a connection that is broken already has nothing left to say."""
    with suppress(dbapi.Error):
        connection.close()


@contextmanager
def _explained(where: Whereabouts, sql: str = "", placed: Placed | None = None) -> Iterator[None]:
    try:
        yield
    except dbapi.Error as error:
        at = placed.authors_offset if placed is not None else None
        raise explain(error.errorcode, error.errortext, sql=sql, where=where, at=at) from error
