"""One session's transaction in DuckDB: open only while there is something to commit."""

from collections.abc import Sequence
from typing import Any

import duckdb

from tests.hana_server.errors import HanaError, translated
from tests.hana_server.stopping import Stoppable

_READ_ONLY = "feature not supported: a change in a read only transaction"
"""The number 7 and these words are a choice: HANA's own answer is not known to us."""


class KeptRows:
    """Rows that were fetched at once, since their connection is needed for what comes next."""

    def __init__(self, rows: list[tuple[Any, ...]]) -> None:
        self._rows, self._done = rows, 0

    def fetchmany(self, most: int) -> list[tuple[Any, ...]]:
        rows = self._rows[self._done : self._done + most]
        self._done += len(rows)
        return rows

    def interrupt(self) -> None:
        """There is nothing at work."""

    def close(self) -> None:
        self._rows.clear()


Rows = KeptRows | duckdb.DuckDBPyConnection


class Transaction:
    """Reads need none: HANA reads what is committed when the statement begins, and so does DuckDB.

    Unlike HANA, DuckDB gives up the whole transaction after an error; the client is told.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, stoppable: Stoppable) -> None:
        self._connection, self._stoppable = connection, stoppable
        self.is_writing = False
        self.is_read_only = False
        self.isolation = "READ COMMITTED"

    def read(self, sql: str, values: Sequence[Any]) -> Rows:
        """Run a query; its rows come from DuckDB as they are asked for."""
        if self.is_writing:
            # Only this connection sees what it has not committed.
            self._run(self._connection, sql, values)
            return KeptRows(self._connection.fetchall())
        source = self._connection.cursor()
        self._run(source, sql, values)
        return source

    def write(self, sql: str, rows: Sequence[Sequence[Any]], *, autocommit: bool) -> list[int]:
        """Change rows; returns how many, for each row of parameters."""
        self.must_write()
        if not autocommit and not self.is_writing:
            self._connection.execute("BEGIN")
            self.is_writing = True
        try:
            return [self._write(sql, values) for values in rows]
        except HanaError as error:
            error.ends_transaction |= self.is_writing
            raise

    def define(self, statements: Sequence[str]) -> None:
        """Make or drop a table; as in HANA, this commits what went before."""
        self.must_write()
        self.commit()
        for statement in statements:
            self._run(self._connection, statement, ())

    def describe(self, question: str, parameters: int) -> list[tuple[str, str]]:
        """The columns of a query, each with DuckDB's type; raises DuckDB's own errors."""
        self._stoppable.on(self._connection)
        self._connection.execute(question, [None] * parameters)
        return [(row[0], row[1]) for row in self._connection.fetchall()]

    def explain(self, question: str, values: Sequence[Any]) -> str:
        """DuckDB's plan of a query, as JSON."""
        self._run(self._connection, question, values)
        found = self._connection.fetchone()
        return str(found[1]) if found else "[]"

    def must_write(self) -> None:
        """Raise HanaError where the transaction was declared read only."""
        if self.is_read_only:
            raise HanaError(7, _READ_ONLY)

    def commit(self) -> None:
        """Keep what was written; raises HanaError where somebody else changed the same rows."""
        self.is_read_only = False
        if self.is_writing:
            self.is_writing = False
            self._run(self._connection, "COMMIT", ())

    def rollback(self) -> None:
        """Give up what was written."""
        self.is_read_only = False
        if self.is_writing:
            self.is_writing = False
            self._connection.execute("ROLLBACK")

    def close(self) -> None:
        """Give up what was written, and the connection."""
        self.rollback()
        self._connection.close()

    def _write(self, sql: str, values: Sequence[Any]) -> int:
        self._run(self._connection, sql, values)
        found = self._connection.fetchone()
        return int(found[0]) if found else 0

    def _run(self, on: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any]) -> None:
        self._stoppable.on(on)
        try:
            on.execute(sql, list(values))
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            raise translated(error) from error
