"""One client from its first byte to its last, and what a fault does to it."""

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress

from tests.hana_server.codes import Function, MessageType, PartKind
from tests.hana_server.conversation import Conversation
from tests.hana_server.errors import HanaError, cancelled
from tests.hana_server.faults import Act, Fault, Moment
from tests.hana_server.framing import (
    PROLOGUE_REPLY,
    Ended,
    Part,
    Reply,
    Request,
    read_prologue,
    read_request,
    reset,
)
from tests.hana_server.login import Login
from tests.hana_server.options import BOOLEAN, encode_options
from tests.hana_server.shared import Shared

_MOMENTS = {
    MessageType.AUTHENTICATE: Moment.AUTHENTICATE,
    MessageType.CONNECT: Moment.CONNECT,
    MessageType.PREPARE: Moment.PREPARE,
    MessageType.EXECUTE: Moment.EXECUTE,
    MessageType.EXECUTE_DIRECT: Moment.EXECUTE,
    MessageType.FETCH_NEXT: Moment.FETCH,
    MessageType.READ_LOB: Moment.READ_LOB,
    MessageType.COMMIT: Moment.COMMIT,
    MessageType.ROLLBACK: Moment.ROLLBACK,
}
_GARBAGE = bytes(range(7, 71))


class Connection:
    """Reads messages and sends answers until one side ends it."""

    def __init__(self, plain: socket.socket, shared: Shared, tls: ssl.SSLContext | None) -> None:
        self._plain: socket.socket = plain
        self._shared, self._tls = shared, tls
        self._login = Login(shared)
        self._conversation: Conversation | None = None
        self._half = False

    def serve(self) -> None:
        """Serve the client to its end."""
        self._shared.ledger.count("accepted")
        try:
            self._talk()
        except (Ended, OSError):
            self._shared.ledger.count("ended")
        finally:
            self._leave()

    def break_off(self) -> None:
        """End the connection from outside, and the statement that it has at work."""
        with suppress(OSError):
            self._plain.shutdown(socket.SHUT_RDWR)
        if self._conversation:
            self._conversation.session.stoppable.stop(cancelled())

    def _talk(self) -> None:
        self._strike()
        if self._tls:
            self._plain = self._tls.wrap_socket(self._plain, server_side=True)
        read_prologue(self._plain)
        self._plain.sendall(PROLOGUE_REPLY)
        while True:
            request = read_request(self._plain)
            self._send(self._answer(request), request.packet)
            if request.type is MessageType.DISCONNECT:
                raise Ended

    def _answer(self, request: Request) -> Reply:
        talk = self._conversation
        try:
            if talk is None:
                self._strike(request)
                return self._welcome(request)
            return talk.answer(request, before=lambda: self._strike(request))
        except HanaError as error:
            return error.reply()

    def _welcome(self, request: Request) -> Reply:
        """Answer a client that is not let in yet."""
        self._shared.ledger.count(request.type.name.lower())
        if request.type is MessageType.DB_CONNECT_INFO:
            here = encode_options([(4, BOOLEAN, True)])
            return Reply(Function.NONE, [Part(PartKind.DB_CONNECT_INFO, here)])
        if request.type is MessageType.AUTHENTICATE:
            return self._login.ask(request)
        if request.type is not MessageType.CONNECT:
            raise Ended
        session, reply = self._login.admit(request)
        self._conversation = Conversation(session, self._do)
        self._shared.enter(session, self.break_off)
        return reply

    def _send(self, reply: Reply, packet: int) -> None:
        """The answer to the first message must not tell the number of the session yet."""
        number = self._conversation.session.number if self._conversation else 0
        content = reply.encoded(number, packet)
        if self._half:
            self._plain.sendall(content[: len(content) // 2])
            raise Ended
        self._plain.sendall(content)

    def _strike(self, request: Request | None = None) -> None:
        """Let the fault happen that is set for now, if one is."""
        moment = _MOMENTS.get(request.type) if request else Moment.ACCEPT
        talk = self._conversation
        sql = talk.sql(request) if talk and request else ""
        user = talk.session.user.name if talk else ""
        if moment and (fault := self._shared.faults.meet(moment, sql=sql, user=user)):
            self._do(fault)

    def _do(self, fault: Fault) -> None:
        self._shared.ledger.count(f"fault {fault.act}")
        self._acts()[fault.act](fault)

    def _acts(self) -> dict[Act, Callable[[Fault], None]]:
        return {
            Act.DROP: self._drop,
            Act.RESET: self._reset,
            Act.SILENCE: self._silence,
            Act.SLOW: self._slow,
            Act.HALF: self._send_half,
            Act.GARBAGE: self._send_garbage,
            Act.ERROR: self._fail,
        }

    def _drop(self, _fault: Fault) -> None:
        raise Ended

    def _reset(self, _fault: Fault) -> None:
        reset(self._plain)
        raise Ended

    def _silence(self, _fault: Fault) -> None:
        """Read on and never answer, until the client gives up."""
        while self._plain.recv(65_536):
            pass
        raise Ended

    def _slow(self, fault: Fault) -> None:
        if self._conversation:
            self._conversation.session.stoppable.wait(fault.seconds)
        else:
            threading.Event().wait(fault.seconds)

    def _send_half(self, _fault: Fault) -> None:
        self._half = True

    def _send_garbage(self, _fault: Fault) -> None:
        self._plain.sendall(_GARBAGE)
        raise Ended

    def _fail(self, fault: Fault) -> None:
        raise HanaError(fault.code, fault.text)

    def _leave(self) -> None:
        if self._conversation:
            self._shared.leave(self._conversation.session)
            self._conversation.close()
        self._plain.close()
