"""The server's end of a connection: packets in, packets out, and TLS in the greeting's packets."""

import socket
import ssl
import struct

HEADER = struct.Struct(">BBHHBB")
BATCH, RPC, ATTENTION, TRANSACTION, LOGIN, GREETING, ANSWER = 1, 3, 6, 14, 16, 18, 4
PACKET_BYTES = 4_096


class Line:
    """One connection of a client."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._tls: ssl.SSLObject | None = None
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()

    def request(self) -> tuple[int, bytes]:
        """Read one request of any number of packets; raises ConnectionError at the end."""
        body = b""
        while True:
            sort, status, size, *_ = HEADER.unpack(self._exactly(HEADER.size))
            body += self._exactly(size - HEADER.size)
            if status & 1:
                return sort, body

    def answer(self, body: bytes, *, last: bool = True, sort: int = ANSWER) -> None:
        """Send a part of an answer, in packets; only the last part ends it."""
        room = PACKET_BYTES - HEADER.size
        parts = [body[at : at + room] for at in range(0, len(body), room)] or [b""]
        for at, part in enumerate(parts):
            status = int(last and at == len(parts) - 1)
            head = HEADER.pack(sort, status, HEADER.size + len(part), 51, at % 256, 0)
            self._send(head + part)

    def shake_hands(self, context: ssl.SSLContext) -> None:
        """Do TLS's handshake; from then on all goes through it."""
        tls = context.wrap_bio(self._in, self._out, server_side=True)
        while True:
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                self._answer_handshake()
                self._in.write(self.request()[1])
            else:
                self._answer_handshake()
                self._tls = tls
                return

    def _answer_handshake(self) -> None:
        if made := self._out.read():
            self.answer(made, sort=GREETING)

    def _send(self, sent: bytes) -> None:
        if self._tls is not None:
            self._tls.write(sent)
            sent = self._out.read()
        self.connection.sendall(sent)

    def _exactly(self, size: int) -> bytes:
        found = b""
        while len(found) < size:
            found += self._some(size - len(found))
        return found

    def _some(self, most: int) -> bytes:
        if self._tls is None:
            return self._received(most)
        while True:
            try:
                return self._tls.read(most)
            except ssl.SSLWantReadError:
                self._in.write(self._received(65_536))

    def _received(self, most: int) -> bytes:
        if came := self.connection.recv(most):
            return came
        raise ConnectionResetError("the client ended the connection")
