"""The answers to a client that is let in, one method for each type of message."""

import struct
from collections.abc import Callable, Sequence
from typing import Any

from tests.hana_server import lobs, metadata, orders, parameters
from tests.hana_server.codes import Function, MessageType, PartKind
from tests.hana_server.errors import HanaError
from tests.hana_server.faults import Fault, Moment
from tests.hana_server.framing import Part, Reply, Request
from tests.hana_server.ledger import Seen, shown
from tests.hana_server.lobs import Incoming
from tests.hana_server.options import (
    BINARY,
    BOOLEAN,
    decode_options,
    decode_texts,
    encode_options,
)
from tests.hana_server.results import OpenResult
from tests.hana_server.session import Prepared, Session
from tests.hana_server.shared import Shared
from tests.hana_server.statements import Plan
from tests.hana_server.texts import from_wire

FIRST_ROWS = 32
"""Rows that come with the answer to a query; the client asks for the rest."""
_ROLLED_BACK, _WRITE_STARTED = 0, 4
_SEQUENCE, _TIMEOUT = 1, 5


class Conversation:
    """One session's statements and open results."""

    def __init__(self, session: Session, shared: Shared, meet: Callable[[Fault], None]) -> None:
        self.session = session
        self._shared, self._meet = shared, meet
        self._results: dict[int, OpenResult] = {}
        self._waiting: tuple[Prepared, list[list[Any]]] | None = None
        self._timeout = 0
        self._answers: dict[MessageType, Callable[[Request], Reply]] = {
            MessageType.EXECUTE_DIRECT: self._execute_direct,
            MessageType.PREPARE: self._prepare,
            MessageType.EXECUTE: self._execute,
            MessageType.FETCH_NEXT: self._fetch,
            MessageType.READ_LOB: self._read_lob,
            MessageType.WRITE_LOB: self._write_lob,
            MessageType.CLOSE_RESULT_SET: self._close_result,
            MessageType.DROP_STATEMENT: self._drop,
            MessageType.COMMIT: self._commit,
            MessageType.ROLLBACK: self._rollback,
            MessageType.DISCONNECT: lambda _request: Reply(Function.DISCONNECT),
            MessageType.CLIENT_PING: lambda _request: Reply(Function.NONE),
        }

    def answer(self, request: Request, *, before: Callable[[], None]) -> Reply:
        """Answer one message after `before`; an error of HANA's is an answer too."""
        self._listen(request)
        try:
            with self.session.stoppable.working(self._timeout):
                before()
                return self._answers[request.type](request)
        except HanaError as error:
            if error.ends_transaction:
                self.session.rollback()
            return error.reply(*_flags(_ROLLED_BACK if error.ends_transaction else None))

    def sql(self, request: Request) -> str:
        """The statement that a message is about, for the faults; empty where there is none."""
        if request.type is MessageType.EXECUTE:
            prepared = self.session.prepared.get(_number(request, PartKind.STATEMENT_ID))
            return prepared.sql if prepared else ""
        return from_wire(request.body(PartKind.COMMAND))

    def close(self) -> None:
        """Let go of everything."""
        for result in self._results.values():
            result.close()
        self.session.close()

    def _listen(self, request: Request) -> None:
        """Take in what comes along with a message."""
        self.session.autocommit = request.autocommit
        words = decode_texts(request.body(PartKind.CLIENT_INFO))
        self.session.variables.update(zip(words[::2], words[1::2], strict=False))
        context = decode_options(request.body(PartKind.STATEMENT_CONTEXT))
        self._timeout = int(context.get(_TIMEOUT, 0))

    def _execute_direct(self, request: Request) -> Reply:
        sql = from_wire(request.body(PartKind.COMMAND))
        self._remember("direct", sql, [], request)
        if order := orders.read(sql):
            self.session.obey(order)
            return Reply(Function.DDL, [_affected([0])])
        return self._run(Prepared(sql, self.session.plan(sql)), [[]])

    def _prepare(self, request: Request) -> Reply:
        sql = from_wire(request.body(PartKind.COMMAND))
        self._remember("prepare", sql, [], request)
        plan = Plan(Function.DDL, ()) if orders.read(sql) else self.session.plan(sql)
        number = self.session.number_for()
        self.session.prepared[number] = Prepared(sql, plan)
        parts = [Part(PartKind.STATEMENT_ID, struct.pack("<q", number))]
        if plan.parameters:
            parts.append(metadata.of_parameters(plan.parameters))
        if plan.columns:
            parts.append(metadata.of_columns(plan.columns))
        return Reply(plan.function, parts)

    def _execute(self, request: Request) -> Reply:
        prepared = self.session.prepared.get(_number(request, PartKind.STATEMENT_ID))
        if prepared is None:
            raise HanaError(2, "general error: unknown statement id")
        rows = parameters.rows_of(request, prepared.plan.parameters)
        self._remember("execute", prepared.sql, rows, request)
        if order := orders.read(prepared.sql):
            self.session.obey(order)
            return Reply(Function.DDL, [_affected([0])])
        unfinished = [v for row in rows for v in row if isinstance(v, Incoming) and not v.complete]
        if unfinished:
            self._waiting = prepared, rows
            locators = _locators(range(1, len(unfinished) + 1))
            return Reply(prepared.plan.function, [_affected([1] * len(rows)), locators])
        return self._run(prepared, rows)

    def _write_lob(self, request: Request) -> Reply:
        if self._waiting is None:
            raise HanaError(2, "general error: no statement waits for a large value")
        prepared, rows = self._waiting
        open_ones = dict(enumerate(_incoming(rows), start=1))
        for number, piece, last in lobs.pieces(request.body(PartKind.WRITE_LOB_REQUEST)):
            open_ones[number].content += piece
            open_ones[number].complete = last
        left = [number for number, value in open_ones.items() if not value.complete]
        if not left:
            self._waiting = None
            self._run(prepared, rows)
        return Reply(Function.WRITE_LOB, [_locators(left)])

    def _run(self, prepared: Prepared, rows: list[list[Any]]) -> Reply:
        plan = prepared.plan
        if plan.is_of_the_moment:
            plan = self.session.plan(prepared.sql)
        values = [[v.value() if isinstance(v, Incoming) else v for v in row] for row in rows]
        if plan.reads:
            return self._query(prepared.sql, plan, values[0])
        if plan.function is Function.DDL:
            self.session.define(plan)
            return Reply(Function.DDL, [_affected([0]), *self._sequence()])
        was_writing = self.session.is_writing
        counts = self.session.write(plan, values)
        began = self.session.is_writing and not was_writing
        flags = _flags(_WRITE_STARTED if began else None)
        return Reply(plan.function, [_affected(counts), *self._sequence(), *flags])

    def _query(self, sql: str, plan: Plan, values: Sequence[Any]) -> Reply:
        name = self.session.user.name
        fault = self._shared.faults.lying_in_wait(Moment.ROW, sql=sql, user=name)
        rows = self.session.query(plan, values)
        result = OpenResult(plan.columns, rows, self.session.large, fault=fault)
        number = self.session.number_for()
        self._results[number] = result
        first = self._rows(number, FIRST_ROWS)
        parts = [
            metadata.of_columns(plan.columns),
            *self._sequence(),
            Part(PartKind.RESULT_SET_ID, struct.pack("<q", number)),
            first,
        ]
        return Reply(Function.SELECT, parts)

    def _fetch(self, request: Request) -> Reply:
        (most,) = struct.unpack("<i", request.body(PartKind.FETCH_SIZE))
        return Reply(Function.FETCH, [self._rows(_number(request, PartKind.RESULT_SET_ID), most)])

    def _rows(self, number: int, most: int) -> Part:
        result = self._results.get(number)
        if result is None:
            raise HanaError(2, "general error: unknown result set id")
        part = result.rows(most, meet=self._meet_at_row)
        self._shared.ledger.count("rows", part.count)
        if result.is_done:
            self._results.pop(number).close()
        return part

    def _meet_at_row(self, fault: Fault) -> None:
        if self._shared.faults.count(fault):
            self._meet(fault)

    def _read_lob(self, request: Request) -> Reply:
        piece = self.session.large.read(request.body(PartKind.READ_LOB_REQUEST))
        return Reply(Function.READ_LOB, [Part(PartKind.READ_LOB_REPLY, piece)])

    def _close_result(self, request: Request) -> Reply:
        result = self._results.pop(_number(request, PartKind.RESULT_SET_ID), None)
        if result:
            result.close()
        return Reply(Function.CLOSE_CURSOR)

    def _drop(self, request: Request) -> Reply:
        self.session.prepared.pop(_number(request, PartKind.STATEMENT_ID), None)
        return Reply(Function.NONE)

    def _commit(self, _request: Request) -> Reply:
        self.session.commit()
        return Reply(Function.COMMIT)

    def _rollback(self, _request: Request) -> Reply:
        self.session.rollback()
        return Reply(Function.ROLLBACK)

    def _sequence(self) -> list[Part]:
        """Without this the client never sends the time limit of a statement."""
        options = [(_SEQUENCE, BINARY, bytes(16))]
        return [Part(PartKind.STATEMENT_CONTEXT, encode_options(options), 1)]

    def _remember(self, how: str, sql: str, rows: list[list[Any]], request: Request) -> None:
        self._shared.ledger.count(how)
        self._shared.ledger.remember(
            Seen(
                how=how,
                sql=sql,
                parameters=shown(rows),
                connection=self.session.number,
                user=self.session.user.name,
                application=self.session.variables.get("APPLICATION", ""),
                autocommit=request.autocommit,
                timeout=self._timeout,
            )
        )


def _number(request: Request, kind: PartKind) -> int:
    (number,) = struct.unpack("<q", request.body(kind))
    return int(number)


def _affected(counts: Sequence[int]) -> Part:
    return Part(PartKind.ROWS_AFFECTED, struct.pack(f"<{len(counts)}i", *counts), len(counts))


def _flags(flag: int | None) -> list[Part]:
    if flag is None:
        return []
    return [Part(PartKind.TRANSACTION_FLAGS, encode_options([(flag, BOOLEAN, True)]), 1)]


def _incoming(rows: list[list[Any]]) -> list[Incoming]:
    return [v for row in rows for v in row if isinstance(v, Incoming)]


def _locators(numbers: Sequence[int]) -> Part:
    body = struct.pack(f"<{len(numbers)}q", *numbers)
    return Part(PartKind.WRITE_LOB_REPLY, body, len(numbers))
