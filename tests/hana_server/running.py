"""Statements from their text to their answer: at once, or prepared and run with parameters."""

from collections.abc import Sequence
from typing import Any

from tests.hana_server import lobs, metadata, orders, parameters, replies
from tests.hana_server.codes import Function, PartKind
from tests.hana_server.errors import HanaError
from tests.hana_server.fetching import Fetching
from tests.hana_server.framing import Reply, Request
from tests.hana_server.lobs import Incoming
from tests.hana_server.obeying import obey
from tests.hana_server.session import Prepared, Session
from tests.hana_server.statements import Plan

Rows = list[list[Any]]


class Running:
    """One session's statements."""

    def __init__(self, session: Session, fetching: Fetching) -> None:
        self._session, self._fetching = session, fetching
        self._waiting: tuple[Prepared, Rows] | None = None

    def at_once(self, sql: str) -> Reply:
        """Run a statement without parameters."""
        if order := orders.read(sql):
            return self._obey(order)
        return self._run(Prepared(sql, self._session.plan(sql)), [[]])

    def prepare(self, sql: str) -> Reply:
        """Tell what a statement wants and what it will bring."""
        plan = Plan(Function.DDL, ()) if orders.read(sql) else self._session.plan(sql)
        number = self._session.new_id()
        self._session.prepared[number] = Prepared(sql, plan)
        parts = [replies.number(PartKind.STATEMENT_ID, number)]
        if plan.parameters:
            parts.append(metadata.of_parameters(plan.parameters))
        if plan.columns:
            parts.append(metadata.of_columns(plan.columns))
        return Reply(plan.function, parts)

    def with_parameters(self, prepared: Prepared, rows: Rows) -> Reply:
        """Run a prepared statement, or wait for the rest of its large parameters."""
        if order := orders.read(prepared.sql):
            return self._obey(order)
        unfinished = [value for value in _incoming(rows) if not value.complete]
        if not unfinished:
            return self._run(prepared, rows)
        self._waiting = prepared, rows
        wanted = replies.locators(_numbers_of_unfinished(rows))
        return Reply(prepared.plan.function, [replies.affected([1] * len(rows)), wanted])

    def more_of_large_values(self, body: bytes) -> Reply:
        """Take in more of the large parameters; the statement runs when the last is complete."""
        if self._waiting is None:
            raise HanaError(2, "general error: no statement waits for a large value")
        prepared, rows = self._waiting
        values = dict(enumerate(_incoming(rows), start=1))
        for number, piece, last in lobs.pieces(body):
            values[number].content += piece
            values[number].complete = last
        left = _numbers_of_unfinished(rows)
        if not left:
            self._waiting = None
            self._run(prepared, rows)
        return Reply(Function.WRITE_LOB, [replies.locators(left)])

    def rows_of(self, request: Request, prepared: Prepared) -> Rows:
        """The parameters that a message brings."""
        return parameters.rows_of(request, prepared.plan.parameters)

    def _obey(self, order: orders.Order) -> Reply:
        obey(self._session, order)
        return Reply(Function.DDL, [replies.affected([0])])

    def _run(self, prepared: Prepared, rows: Rows) -> Reply:
        plan = prepared.plan
        if plan.is_of_the_moment:
            plan = self._session.plan(prepared.sql)
        values = [[v.value() if isinstance(v, Incoming) else v for v in row] for row in rows]
        if plan.reads:
            return self._fetching.query(prepared.sql, plan, values[0])
        if plan.function is Function.DDL:
            return self._define(plan)
        return self._write(plan, values)

    def _define(self, plan: Plan) -> Reply:
        self._session.transaction.define(plan.statements)
        self._session.shared.store.changed()
        return Reply(Function.DDL, [replies.affected([0]), replies.statement_context()])

    def _write(self, plan: Plan, rows: Sequence[Sequence[Any]]) -> Reply:
        transaction = self._session.transaction
        was_writing = transaction.is_writing
        counts = transaction.write(plan.statements[0], rows, autocommit=self._session.autocommit)
        parts = [replies.affected(counts), replies.statement_context()]
        if transaction.is_writing and not was_writing:
            parts.append(replies.transaction_flag(replies.WRITE_STARTED))
        return Reply(plan.function, parts)


def _incoming(rows: Rows) -> list[Incoming]:
    return [value for row in rows for value in row if isinstance(value, Incoming)]


def _numbers_of_unfinished(rows: Rows) -> list[int]:
    return [n for n, value in enumerate(_incoming(rows), start=1) if not value.complete]
