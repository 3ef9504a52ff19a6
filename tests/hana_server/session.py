"""What a connection does once it is let in: statements, results, transactions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

import duckdb

from tasks.clock import utcnow
from tasks.demo.company import SCHEMA
from tests.hana_server import live, statements, system_rows
from tests.hana_server.errors import HanaError, cancelled, no_privilege, translated
from tests.hana_server.lobs import Outgoing
from tests.hana_server.orders import Order
from tests.hana_server.projection import projected
from tests.hana_server.rights import User
from tests.hana_server.shared import Shared
from tests.hana_server.statements import Context, Plan
from tests.hana_server.stopping import Stoppable

_READ_ONLY = "feature not supported: a change in a read only transaction"
"""The number 7 and these words are a choice: HANA's own answer is not known to us."""


@dataclass
class Prepared:
    """A statement that waits for its parameters."""

    sql: str
    plan: Plan


class Kept:
    """Rows that were fetched at once, since their transaction must not stay open."""

    def __init__(self, rows: list[tuple[Any, ...]]) -> None:
        self._rows, self._done = rows, 0

    def fetchmany(self, most: int) -> list[tuple[Any, ...]]:
        rows = self._rows[self._done : self._done + most]
        self._done += len(rows)
        return rows

    def close(self) -> None:
        self._rows.clear()


Rows = Kept | duckdb.DuckDBPyConnection


@dataclass
class Session:
    """One connection of one user."""

    number: int
    user: User
    shared: Shared
    schema: str = SCHEMA
    variables: dict[str, str] = field(default_factory=dict)
    client_pid: int = 0
    autocommit: bool = True
    is_read_only: bool = False
    isolation: str = "READ COMMITTED"
    is_writing: bool = False
    is_broken: bool = False
    """Whether somebody else has ended this connection."""
    large: Outgoing = field(default_factory=Outgoing)
    stoppable: Stoppable = field(default_factory=Stoppable)
    started_at: datetime = field(default_factory=utcnow)
    prepared: dict[int, Prepared] = field(default_factory=dict)
    _ids: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self._connection = self.shared.store.connection()

    def close(self) -> None:
        """Give back what the session held; what it did not commit is lost."""
        self.rollback()
        self._connection.close()

    def number_for(self) -> int:
        """A number for a statement or a result."""
        return next(self._ids)

    def plan(self, sql: str) -> Plan:
        """Make a statement ready for this session."""
        return statements.plan(sql, self._context())

    def query(self, plan: Plan, values: Sequence[Any]) -> Rows:
        """Run a query; its rows come from DuckDB as they are asked for."""
        sql = projected(plan.statements[0], [column.type for column in plan.columns])
        if self.is_writing:
            # Only this connection sees what it has not committed.
            self._run(self._connection, sql, values)
            return Kept(self._connection.fetchall())
        source = self._connection.cursor()
        self._run(source, sql, values)
        return source

    def write(self, plan: Plan, rows: Sequence[Sequence[Any]]) -> list[int]:
        """Change rows; returns how many, for each row of parameters."""
        if self.is_read_only:
            raise HanaError(7, _READ_ONLY)
        if not self.autocommit and not self.is_writing:
            self._connection.execute("BEGIN")
            self.is_writing = True
        try:
            return [self._write(plan, values) for values in rows]
        except HanaError as error:
            error.ends_transaction |= self.is_writing
            self.rollback()
            raise

    def define(self, plan: Plan) -> None:
        """Make or drop a table; as in HANA, this commits what went before."""
        if self.is_read_only:
            raise HanaError(7, _READ_ONLY)
        self.commit()
        for statement in plan.statements:
            self._run(self._connection, statement, ())
        self.shared.store.changed()

    def commit(self) -> None:
        if self.is_writing:
            self._end("COMMIT")
        self.is_read_only = False

    def rollback(self) -> None:
        if self.is_writing:
            self._end("ROLLBACK")
        self.is_read_only = False

    def obey(self, order: Order) -> None:
        """Do what a statement wants of the session itself."""
        getattr(self, f"_{order.verb}")(*order.values)

    def _end(self, how: str) -> None:
        self.is_writing = False
        try:
            self._connection.execute(how)
        except duckdb.TransactionException as error:
            if how == "COMMIT":
                raise translated(error) from error

    def _write(self, plan: Plan, values: Sequence[Any]) -> int:
        self._run(self._connection, plan.statements[0], values)
        found = self._connection.fetchone()
        return int(found[0]) if found else 0

    def _run(self, on: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any]) -> None:
        self.stoppable.on(on)
        try:
            on.execute(sql, list(values))
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            raise translated(error) from error

    def _context(self) -> Context:
        values = {
            "CURRENT_USER": self.user.name,
            "SESSION_USER": self.user.name,
            "CURRENT_SCHEMA": self.schema,
            "CURRENT_CONNECTION": self.number,
            "CURRENT_TRANSACTION_ISOLATION_LEVEL": self.isolation,
        }
        asked = live.Asked(self.user, values, self.variables, self._system_rows)
        return Context(self.shared.store.catalogue(), self.schema, asked, self._described)

    def _described(self, question: str, parameters: int) -> list[tuple[str, str]]:
        self.stoppable.on(self._connection)
        self._connection.execute(question, [None] * parameters)
        return [(row[0], row[1]) for row in self._connection.fetchall()]

    def _system_rows(self, view: str) -> live.Rows | None:
        return system_rows.rows(view, self, self.shared.store.catalogue().schemas)

    def _schema(self, name: str) -> None:
        if name not in self.shared.store.catalogue().schemas:
            raise HanaError(362, f"invalid schema name: {name}")
        self.schema = name

    def _access(self, mode: str) -> None:
        self.is_read_only = "ONLY" in mode.upper()

    def _isolation(self, level: str) -> None:
        self.isolation = " ".join(level.upper().split())

    def _ignored(self, _value: str) -> None:
        """A wait for locks: there is none here."""

    def _set(self, name: str, value: str) -> None:
        self.variables[name] = value

    def _unset(self, name: str) -> None:
        self.variables.pop(name, None)

    def _cancel(self, number: str) -> None:
        self._other(number).stoppable.stop(cancelled())
        self.shared.ledger.count("cancelled")

    def _disconnect(self, number: str) -> None:
        other = self._other(number)
        other.is_broken = True
        other.stoppable.stop(cancelled())
        self.shared.break_off(other)

    def _commit(self) -> None:
        self.commit()

    def _rollback(self) -> None:
        self.rollback()

    def _other(self, number: str) -> "Session":
        """A session of one's own, or anybody's for whoever may write."""
        other = self.shared.session(int(number)) if number.isdigit() else None
        if other is None:
            raise HanaError(2, f"general error: no session has the id {number}")
        if other.user.name != self.user.name and not self.user.may_write:
            raise no_privilege()
        return other
