"""The server: takes logins, answers texts as it was told, and breaks as it was told."""

import select
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from tests.mssql_server import tokens
from tests.mssql_server.line import (
    ATTENTION,
    BATCH,
    GREETING,
    LOGIN,
    RPC,
    TRANSACTION,
    Line,
)
from tests.mssql_server.requests import Asked, Login, batch_of, call_of, login_of
from tests.mssql_server.tokens import Column, Message

TLS, NO_TLS, TLS_NEEDED = 1, 2, 3


@dataclass(slots=True)
class Result:
    """A canned answer: rows, and what goes wrong behind them."""

    columns: Sequence[Column] = ()
    rows: Sequence[Sequence[object]] = ()
    error: Message | None = None
    drops: bool = False
    """Whether the connection breaks behind the rows."""
    hangs: bool = False
    """Whether nothing more comes behind the rows until the client orders a stop."""
    trickles: bool = False
    """Whether the last row comes again and again, ever so slowly."""
    deaf: bool = False
    """Whether an order to stop is not answered."""
    flagged: bool = True
    """Whether the end tells that there was an error."""


@dataclass(slots=True)
class Behaviour:
    """How the server is to answer whoever connects."""

    password: str = "Reader-2026"
    refusal: Sequence[Message] = ()
    """What every login is refused with, whatever its password."""
    silent: bool = False
    offers: int = NO_TLS
    tls: ssl.SSLContext | None = None
    route: tuple[str, int] | None = None
    answer: Callable[[Asked], Result] = lambda _asked: Result()


@dataclass(slots=True)
class Heard:
    """What clients sent."""

    logins: list[Login] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    transactions: list[int] = field(default_factory=list)
    """Requests about transactions: 5 begins one, 7 commits, 8 rolls back."""
    stops: int = 0
    ended: int = 0
    """Connections that are over."""


class Server:
    """Listens on a free port of this machine until it is closed."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour, self.heard = behaviour, Heard()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._lines: list[socket.socket] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        for one in (self._listener, *self._lines):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._lines.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            line = Line(connection)
            if self.behaviour.silent:
                line.request()
                connection.recv(1)
            elif self._let_in(line):
                while True:
                    self._answer(line, *line.request())
        self.heard.ended += 1

    def _let_in(self, line: Line) -> bool:
        sort, _ = line.request()
        assert sort == GREETING
        line.answer(_greeting(self.behaviour.offers))
        if self.behaviour.tls is not None:
            line.shake_hands(self.behaviour.tls)
        sort, body = line.request()
        assert sort == LOGIN
        login = login_of(body)
        self.heard.logins.append(login)
        said, welcome = self._judged(login)
        line.answer(said)
        return welcome

    def _judged(self, login: Login) -> tuple[bytes, bool]:
        refusal = self.behaviour.refusal
        if not refusal and login.password != self.behaviour.password:
            refusal = [Message(18456, f"Login failed for user '{login.user}'.", 14)]
        if refusal:
            said = b"".join(tokens.message(one) for one in refusal)
            return said + tokens.done(status=tokens.FAILED), False
        if self.behaviour.route:
            return tokens.welcome() + tokens.route(*self.behaviour.route) + tokens.done(), True
        told = tokens.database(login.database) + tokens.packet_size(4096)
        return told + tokens.welcome() + tokens.done(), True

    def _answer(self, line: Line, sort: int, body: bytes) -> None:
        if sort == TRANSACTION:
            [wanted] = struct.unpack_from("<H", body, struct.unpack_from("<I", body)[0])
            self.heard.transactions.append(wanted)
            line.answer(tokens.begun(7) + tokens.done())
        elif sort == ATTENTION:
            self.heard.stops += 1
            line.answer(tokens.done(status=tokens.ATTENDED))
        elif sort in (BATCH, RPC):
            asked = batch_of(body) if sort == BATCH else call_of(body)
            self.heard.asked.append(asked)
            if asked.sql.startswith("SET "):
                line.answer(tokens.done())
            else:
                self._tell(line, self.behaviour.answer(asked), called=sort == RPC)

    def _tell(self, line: Line, result: Result, *, called: bool) -> None:
        if result.columns:
            line.answer(tokens.columns(result.columns), last=False)
        for at in range(0, len(result.rows), 50):
            some = result.rows[at : at + 50]
            told = b"".join(tokens.row(result.columns, one) for one in some)
            line.answer(told, last=False)
        if result.drops:
            line.connection.shutdown(socket.SHUT_RDWR)
        elif result.trickles:
            self._trickle(line, result)
        elif result.hangs:
            self._hang(line, result)
        else:
            line.answer(_end(result, called=called))

    def _trickle(self, line: Line, result: Result) -> None:
        """Send a row each time that nothing is heard from the client for a tenth of a second."""
        while not select.select([line.connection], [], [], 0.1)[0]:
            line.answer(tokens.row(result.columns, result.rows[-1]), last=False)
        self._hang(line, result)

    def _hang(self, line: Line, result: Result) -> None:
        while line.request()[0] != ATTENTION:
            pass
        self.heard.stops += 1
        if not result.deaf:
            line.answer(tokens.done(status=tokens.ATTENDED))


def _end(result: Result, *, called: bool) -> bytes:
    said = tokens.message(result.error) if result.error else b""
    failed = tokens.FAILED if result.error and result.flagged else 0
    count = len(result.rows)
    if not called:
        return said + tokens.done(status=failed or tokens.COUNTED, count=count)
    inner = (failed or tokens.COUNTED) | tokens.MORE
    return (
        said
        + tokens.done(sort=tokens.DONE_IN_PROC, status=inner, count=count)
        + tokens.status_of_procedure()
        + tokens.done(sort=tokens.DONE_PROC, status=failed)
    )


def _greeting(offers: int) -> bytes:
    """Tell the version and what the server thinks of TLS."""
    options = struct.pack(">BHHBHH", 0, 11, 6, 1, 17, 1)
    return options + b"\xff" + b"\x10\x00\x03\xe8\0\0" + bytes([offers])
