"""The answers to a client that is let in, one method for each type of message."""

import struct
from collections.abc import Callable
from typing import Any

from tests.hana_server import replies
from tests.hana_server.codes import Function, MessageType, PartKind
from tests.hana_server.errors import HanaError
from tests.hana_server.faults import Fault
from tests.hana_server.fetching import Fetching
from tests.hana_server.framing import Part, Reply, Request
from tests.hana_server.ledger import Seen, shown
from tests.hana_server.options import decode_options, decode_texts
from tests.hana_server.running import Running
from tests.hana_server.session import Prepared, Session
from tests.hana_server.texts import from_wire


class Conversation:
    """What one session is asked, and what it answers."""

    def __init__(self, session: Session, meet: Callable[[Fault], None]) -> None:
        self.session = session
        self._fetching = Fetching(session, meet)
        self._running = Running(session, self._fetching)
        self._limit = 0
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
            with self.session.stoppable.working(self._limit):
                # Whoever reads this count may cancel: from here on there is something to cancel.
                self.session.shared.ledger.count(request.type.name.lower())
                before()
                return self._answers[request.type](request)
        except HanaError as error:
            if not error.ends_transaction:
                return error.reply()
            self.session.transaction.rollback()
            return error.reply(replies.transaction_flag(replies.ROLLED_BACK))

    def sql(self, request: Request) -> str:
        """The statement that a message is about, for the faults; empty where there is none."""
        if request.type is MessageType.EXECUTE:
            prepared = self.session.prepared.get(_number(request, PartKind.STATEMENT_ID))
            return prepared.sql if prepared else ""
        return from_wire(request.body(PartKind.COMMAND))

    def close(self) -> None:
        """Let go of everything."""
        self._fetching.close_all()
        self.session.close()

    def _listen(self, request: Request) -> None:
        """Take in what comes along with a message."""
        self.session.autocommit = request.autocommit
        words = decode_texts(request.body(PartKind.CLIENT_INFO))
        self.session.variables.update(zip(words[::2], words[1::2], strict=False))
        context = decode_options(request.body(PartKind.STATEMENT_CONTEXT))
        self._limit = int(context.get(replies.TIME_LIMIT, 0))

    def _execute_direct(self, request: Request) -> Reply:
        sql = from_wire(request.body(PartKind.COMMAND))
        self._remember("direct", sql, [])
        return self._running.at_once(sql)

    def _prepare(self, request: Request) -> Reply:
        sql = from_wire(request.body(PartKind.COMMAND))
        self._remember("prepare", sql, [])
        return self._running.prepare(sql)

    def _execute(self, request: Request) -> Reply:
        prepared = self._prepared(request)
        rows = self._running.rows_of(request, prepared)
        self._remember("execute", prepared.sql, rows)
        return self._running.with_parameters(prepared, rows)

    def _write_lob(self, request: Request) -> Reply:
        return self._running.more_of_large_values(request.body(PartKind.WRITE_LOB_REQUEST))

    def _fetch(self, request: Request) -> Reply:
        (most,) = struct.unpack("<i", request.body(PartKind.FETCH_SIZE))
        return self._fetching.more(_number(request, PartKind.RESULT_SET_ID), most)

    def _close_result(self, request: Request) -> Reply:
        return self._fetching.close(_number(request, PartKind.RESULT_SET_ID))

    def _read_lob(self, request: Request) -> Reply:
        piece = self.session.large.read(request.body(PartKind.READ_LOB_REQUEST))
        return Reply(Function.READ_LOB, [Part(PartKind.READ_LOB_REPLY, piece)])

    def _drop(self, request: Request) -> Reply:
        self.session.prepared.pop(_number(request, PartKind.STATEMENT_ID), None)
        return Reply(Function.NONE)

    def _commit(self, _request: Request) -> Reply:
        self.session.transaction.commit()
        return Reply(Function.COMMIT)

    def _rollback(self, _request: Request) -> Reply:
        self.session.transaction.rollback()
        return Reply(Function.ROLLBACK)

    def _prepared(self, request: Request) -> Prepared:
        prepared = self.session.prepared.get(_number(request, PartKind.STATEMENT_ID))
        if prepared is None:
            raise HanaError(2, "general error: unknown statement id")
        return prepared

    def _remember(self, how: str, sql: str, rows: list[list[Any]]) -> None:
        ledger, session = self.session.shared.ledger, self.session
        ledger.remember(
            Seen(
                how=how,
                sql=sql,
                parameters=shown(rows),
                connection=session.number,
                user=session.user.name,
                application=session.variables.get("APPLICATION", ""),
                autocommit=session.autocommit,
                timeout=self._limit,
            )
        )


def _number(request: Request, kind: PartKind) -> int:
    (number,) = struct.unpack("<q", request.body(kind))
    return int(number)
