"""The embedded source: a DuckDB file that answers HANA's SQL, read-only and locked down."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from tasks.errors import ErrorKind, JobError
from tasks.rows import Column, ColumnKind, Row
from tasks.sources import duckdb_errors, hana_dialect, hana_to_duckdb, names
from tasks.sources.duckdb_file import open_read_only
from tasks.sources.time_limit import within

_KINDS = {
    "BOOLEAN": ColumnKind.BOOLEAN,
    "DATE": ColumnKind.DATE,
    "DOUBLE": ColumnKind.FLOAT,
    "FLOAT": ColumnKind.FLOAT,
    "TIME": ColumnKind.TIME,
}

_COLUMNS = (
    "SELECT table_name, column_name, data_type FROM duckdb_columns()"
    " WHERE schema_name = ? ORDER BY table_name, column_index"
)


class DuckDBSource:
    """One DuckDB file; each query opens it anew, so a rebuilt file counts at once."""

    def __init__(
        self, path: Path, *, schema: str = "SBODEMOTR", query_seconds: float | None = None
    ) -> None:
        """`query_seconds` is how long a query may take, with all of its rows; None for ever."""
        self._path = path
        self._schema = schema
        self._query_seconds = query_seconds
        self._open: set[duckdb.DuckDBPyConnection] = set()
        self._lock = threading.Lock()

    @contextmanager
    def query(self, sql: str, parameters: Sequence[object]) -> Iterator["DuckDBRows"]:
        """Run one SELECT or WITH; raises JobError with the place in `sql` where it is wrong."""
        with self._asked(sql, parameters) as (connection, rewritten):
            yield DuckDBRows(connection, sql, rewritten, parameters)

    def explain(self, sql: str, parameters: Sequence[object]) -> list[str]:
        """Return the lines of DuckDB's plan; raises JobError with the place in `sql`."""
        with self._asked(sql, parameters) as (connection, rewritten), _explained(sql, rewritten):
            told = connection.execute(f"EXPLAIN {rewritten}", list(parameters)).fetchall()
        return [line.rstrip() for _kind, plan in told for line in str(plan).splitlines()]

    def names(self, schema: str) -> list[tuple[str, str, str]]:
        """Return each column of a schema: its table, its name and its type; raises JobError."""
        with self._connection() as connection, _explained("", ""):
            found: list[tuple[str, str, str]] = connection.execute(_COLUMNS, [schema]).fetchall()
        return found

    @contextmanager
    def _asked(
        self, sql: str, parameters: Sequence[object]
    ) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
        """Read the query and check it against what there is; yields it in DuckDB's words."""
        tree = hana_dialect.parse(sql)
        _check_count(hana_to_duckdb.count_parameters(tree), len(parameters))
        with self._connection() as connection:
            with _explained(sql, sql):
                catalogue = _catalogue(connection, self._schema)
            names.check(sql, tree, catalogue, schema=self._schema)
            yield connection, hana_to_duckdb.rewrite(sql, tree)

    def cancel(self) -> None:
        """Interrupt the queries that this source is running, from any thread."""
        with self._lock:
            for connection in self._open:
                connection.interrupt()

    @contextmanager
    def _connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        connection = open_read_only(self._path)
        with self._lock:
            self._open.add(connection)
        try:
            with within(self._query_seconds, connection.interrupt):
                yield connection
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()


class DuckDBRows:
    """The open result of one query; DuckDB makes its rows as they are fetched."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        sql: str,
        rewritten: str,
        parameters: Sequence[object],
    ) -> None:
        self._sql = sql
        self._rewritten = rewritten
        self._connection = connection
        with _explained(sql, rewritten):
            connection.execute(rewritten, list(parameters))
        self.columns = tuple(_column(entry) for entry in connection.description or [])

    def batches(self, size: int = 5_000) -> Iterator[list[Row]]:
        """Yield the rows in lists of at most `size`."""
        while rows := self._fetch(size):
            yield rows

    def _fetch(self, size: int) -> list[Row]:
        with _explained(self._sql, self._rewritten):
            return list(self._connection.fetchmany(size))


@contextmanager
def _explained(sql: str, rewritten: str) -> Iterator[None]:
    """Turn an error of DuckDB into one for the author of `sql`."""
    try:
        yield
    except duckdb.Error as error:
        raise duckdb_errors.explain(sql, rewritten, error) from error


def _check_count(wanted: int, given: int) -> None:
    if wanted != given:
        raise JobError(
            "The query has {wanted} parameters but {given} values were given.",
            kind=ErrorKind.PARAMETER,
            wanted=wanted,
            given=given,
        )


def _catalogue(connection: duckdb.DuckDBPyConnection, schema: str) -> names.Catalogue:
    found = connection.execute(
        "SELECT table_name, list(column_name) FROM duckdb_columns()"
        " WHERE schema_name = ? GROUP BY table_name",
        [schema],
    ).fetchall()
    return {table: frozenset(columns) for table, columns in found}


def _column(entry: Sequence[object]) -> Column:
    name, kind = str(entry[0]), str(entry[1])
    if kind.startswith("DECIMAL"):
        return Column(name, ColumnKind.DECIMAL, scale=int(kind.rstrip(")").rpartition(",")[2]))
    if kind.startswith("TIMESTAMP"):
        return Column(name, ColumnKind.DATETIME)
    if kind.endswith("INT") or kind in ("INTEGER", "UINTEGER"):
        return Column(name, ColumnKind.INTEGER)
    return Column(name, _KINDS.get(kind, ColumnKind.TEXT))
