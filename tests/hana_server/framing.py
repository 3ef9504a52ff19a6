"""Messages as bytes: a header, one segment, its parts. Everything is little endian."""

import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tests.hana_server.codes import Function, MessageType, PartKind

HEADER = struct.Struct("<qiIIhbxI4x")
REQUEST_SEGMENT = struct.Struct("<iihhbbbb8x")
REPLY_SEGMENT = struct.Struct("<iihhbxh8x")
PART = struct.Struct("<bbhiii")
PROLOGUE_BYTES = 14
PROLOGUE_REPLY = bytes([4, 20, 0, 4, 1, 0, 0, 0])
REPLY, ERROR = 2, 5


class Stream(Protocol):
    """A socket, plain or with TLS."""

    def recv_into(self, buffer: memoryview, /) -> int: ...
    def sendall(self, content: bytes, /) -> None: ...


class Ended(Exception):
    """The client has closed the connection."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a message; `count` is how many values it says to hold."""

    kind: int
    body: bytes
    count: int = 1
    attributes: int = 0

    def encoded(self) -> bytes:
        short, big = (self.count, 0) if self.count < 0x7FFF else (-1, self.count)
        size = len(self.body)
        head = PART.pack(self.kind, self.attributes, short, big, size, size)
        return head + self.body + bytes(-size % 8)


@dataclass(frozen=True, slots=True)
class Request:
    """One message of the client."""

    type: MessageType
    packet: int
    autocommit: bool
    parts: dict[int, Part] = field(default_factory=dict)

    def body(self, kind: PartKind) -> bytes:
        """The bytes of a part; empty where there is none."""
        part = self.parts.get(kind)
        return part.body if part else b""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; `kind` tells an error from the rest."""

    function: Function
    parts: Sequence[Part] = ()
    kind: int = REPLY

    def encoded(self, session: int, packet: int) -> bytes:
        parts = b"".join(part.encoded() for part in self.parts)
        length = REPLY_SEGMENT.size + len(parts)
        segment = REPLY_SEGMENT.pack(length, 0, len(self.parts), 1, self.kind, self.function)
        header = HEADER.pack(session, packet, length, max(length, 0x20000), 1, 0, 0)
        return header + segment + parts


def read_prologue(stream: Stream) -> bytes:
    """Read the client's first bytes."""
    return _read(stream, PROLOGUE_BYTES)


def read_request(stream: Stream) -> Request:
    """Read one message; raises Ended where the client hung up."""
    header = HEADER.unpack(_read(stream, HEADER.size))
    body = _read(stream, header[2])
    segment = REQUEST_SEGMENT.unpack_from(body)
    parts, position = {}, REQUEST_SEGMENT.size
    for _ in range(segment[2]):
        kind, attributes, short, big, size, _room = PART.unpack_from(body, position)
        start = position + PART.size
        count = big if short == -1 else short
        parts[kind] = Part(kind, body[start : start + size], count, attributes)
        position = start + size + -size % 8
    return Request(MessageType(segment[5]), header[1], segment[6] == 1, parts)


def _read(stream: Stream, size: int) -> bytes:
    buffer = bytearray(size)
    view, done = memoryview(buffer), 0
    while done < size:
        try:
            received = stream.recv_into(view[done:])
        except OSError as error:
            raise Ended from error
        if not received:
            raise Ended
        done += received
    return bytes(buffer)


def reset(connection: socket.socket) -> None:
    """Close so that the client sees a reset instead of an end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
