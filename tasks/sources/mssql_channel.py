"""The line to SQL Server: TLS with a checked certificate, a limit of time, and an order to stop.

The driver leaves TLS to a library of its own, checks names by rules of its own, and follows the
server to another one without TLS. So it gets this in the place of a socket: what it sends before
the login passes here with our wish for TLS, Python's `ssl` does the rest, and the driver is told
that the server knows none.
"""

import selectors
import socket
import ssl
import struct
import threading
import time
from contextlib import suppress
from typing import cast

PRELOGIN, ATTENTION = 0x12, 0x06
HEADER = struct.Struct(">BBHHBB")
"""Sort, status, length with the header, and three fields that nobody reads."""
OPTION = struct.Struct(">BHH")
ENCRYPTION, NO_MORE = 1, 0xFF
ON, NOT_SUPPORTED, REQUIRED = 1, 2, 3

LOOK_SECONDS = 0.5
"""How long a wait lasts before it is looked whether somebody ordered a stop."""
CANCEL_SECONDS = 5
READ_BYTES = 65_536
PATIENCE = {"TCP_KEEPIDLE": 5, "TCP_KEEPINTVL": 2, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 8_000}
"""Without these a half-open line holds a fetch for a quarter of an hour."""


class NoTls(Exception):
    """The two could not agree on TLS."""


class Channel:
    """What the driver takes for a socket; only `stop` may be called from another thread."""

    def __init__(
        self, host: str, port: int, *, seconds: float, encrypt: bool, verify: bool
    ) -> None:
        """Connect within so many seconds, which also bound the login; raises OSError."""
        self._host, self._encrypt, self._verify = host, encrypt, verify
        self._tls: ssl.SSLObject | None = None
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._answer = b""
        self._greeted = False
        self._lock = threading.Lock()
        self.stopped = self.too_long = False
        self._until = time.monotonic() + seconds
        self._socket = socket.create_connection((host, port), seconds)
        _be_patient(self._socket)
        self._waiting = selectors.DefaultSelector()
        self._waiting.register(self._socket, selectors.EVENT_READ)

    def limit(self, seconds: float) -> None:
        """Let whatever follows take no longer than this, unless a stop was ordered."""
        if not self.stopped:
            self._until = time.monotonic() + seconds

    def gettimeout(self) -> float | None:
        return max(self._until - time.monotonic(), 0)

    def settimeout(self, seconds: float | None) -> None:
        """The driver sets limits a read; ours is one for the whole answer."""

    def sendall(self, sent: bytes, _flags: int = 0) -> None:
        """Send all of it; the first thing is the driver's greeting, which passes here."""
        if self._greeted:
            with self._lock:
                self._send(sent)
            return
        self._greeted = True
        self._greet(bytearray(sent))

    def recv(self, size: int, _flags: int = 0) -> bytes:
        found = bytearray(size)
        return bytes(found[: self.recv_into(found, size)])

    def recv_into(self, buffer: bytearray | memoryview, size: int = 0, _flags: int = 0) -> int:
        """Read what has come, at least one byte unless the other side has ended."""
        size = size or len(buffer)
        if self._answer:
            return self._recall(buffer, size)
        if self._tls is None:
            self._wait()
            return self._socket.recv_into(buffer, size)
        return self._read_tls(self._tls, buffer, size)

    def stop(self) -> None:
        """Order the server to end what it does, from any thread; its answer is awaited briefly."""
        self.stopped = True
        self._until = min(self._until, time.monotonic() + CANCEL_SECONDS)
        self.attend()

    def attend(self) -> None:
        """Send the order; a line that is broken already has nothing left to end."""
        with suppress(OSError), self._lock:
            self._send(HEADER.pack(ATTENTION, 1, HEADER.size, 0, 1, 0))

    def close(self) -> None:
        """End the line; may be called twice."""
        self._waiting.close()
        self._socket.close()

    def _send(self, sent: bytes) -> None:
        self._socket.settimeout(max(self._until - time.monotonic(), LOOK_SECONDS))
        if self._tls is None:
            self._socket.sendall(sent)
            return
        self._tls.write(sent)
        self._socket.sendall(self._out.read())

    def _wait(self) -> None:
        """Wait until something has come; raises TimeoutError, also where it only trickles in."""
        came = False
        while not came:
            came = bool(self._waiting.select(LOOK_SECONDS))
            if time.monotonic() > self._until:
                self.too_long = True
                raise TimeoutError("timed out")

    def _read_tls(self, tls: ssl.SSLObject, buffer: bytearray | memoryview, size: int) -> int:
        while True:
            try:
                with self._lock:
                    return cast(int, tls.read(size, buffer))  # typeshed knows the other form only
            except ssl.SSLWantReadError:
                self._take_in()
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return 0

    def _take_in(self) -> None:
        self._wait()
        came = self._socket.recv(READ_BYTES)
        with self._lock:
            if came:
                self._in.write(came)
            else:
                self._in.write_eof()

    def _recall(self, buffer: bytearray | memoryview, size: int) -> int:
        part, self._answer = self._answer[:size], self._answer[size:]
        buffer[: len(part)] = part
        return len(part)

    def _greet(self, packet: bytearray) -> None:
        """Ask for TLS, or for none, in the driver's greeting, and tell it that there is none."""
        _set_encryption(packet, ON if self._encrypt else NOT_SUPPORTED)
        self._socket.sendall(packet)
        answer = self._packet()
        offered = answer[_encryption_at(answer)]
        if self._encrypt:
            if offered not in (ON, REQUIRED):
                raise NoTls("the server knows no TLS")
            self._shake_hands()
        elif offered != NOT_SUPPORTED:
            raise NoTls("the server insists on TLS")
        _set_encryption(answer, NOT_SUPPORTED)
        self._answer = bytes(answer)

    def _shake_hands(self) -> None:
        """Do TLS's handshake, in packets like the greeting's."""
        tls = _context(self._verify).wrap_bio(self._in, self._out, server_hostname=self._host)
        while True:
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                self._send_handshake()
                self._in.write(bytes(self._packet()[HEADER.size :]))
            else:
                self._send_handshake()
                self._tls = tls
                return

    def _send_handshake(self) -> None:
        if made := self._out.read():
            size = HEADER.size + len(made)
            self._socket.sendall(HEADER.pack(PRELOGIN, 1, size, 0, 1, 0) + made)

    def _packet(self) -> bytearray:
        found = self._exactly(HEADER.size)
        return found + self._exactly(HEADER.unpack(found)[2] - HEADER.size)

    def _exactly(self, size: int) -> bytearray:
        found = bytearray()
        while len(found) < size:
            self._wait()
            came = self._socket.recv(size - len(found))
            if not came:
                raise ConnectionResetError("the server ended the connection")
            found += came
        return found


def _context(verify: bool) -> ssl.SSLContext:
    """Make the rules of TLS; inside of such packets SQL Server knows no newer TLS than 1.2."""
    made = ssl.create_default_context()
    made.maximum_version = ssl.TLSVersion.TLSv1_2
    if not verify:
        made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    return made


def _set_encryption(packet: bytearray, wish: int) -> None:
    packet[_encryption_at(packet)] = wish


def _encryption_at(packet: bytearray) -> int:
    """Find where a greeting says what it thinks of TLS; raises NoTls where it says nothing."""
    at = HEADER.size
    while at + OPTION.size <= len(packet) and packet[at] != NO_MORE:
        option, offset, _length = OPTION.unpack_from(packet, at)
        if option == ENCRYPTION and HEADER.size + offset < len(packet):
            return int(HEADER.size + offset)
        at += OPTION.size
    raise NoTls("the answer is none of SQL Server")


def _be_patient(connection: socket.socket) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in PATIENCE.items():
        if (option := getattr(socket, name, None)) is not None:
            connection.setsockopt(socket.IPPROTO_TCP, option, value)
