"""The pieces of an answer, each as the bytes that stand on the line."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from tests.mssql_server.types import Type

DONE, DONE_IN_PROC, DONE_PROC = 0xFD, 0xFF, 0xFE
MORE, FAILED, COUNTED, ATTENDED = 0x01, 0x02, 0x10, 0x20
TDS_7_4 = b"\x74\x00\x00\x04"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a canned result."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Message:
    """What the server says: an error from severity 11 on."""

    number: int
    text: str
    severity: int = 16
    line: int = 1
    procedure: str = ""


def columns(found: Sequence[Column]) -> bytes:
    told = b"".join(struct.pack("<IH", 0, 9) + one.type.header + _name(one.name) for one in found)
    return b"\x81" + struct.pack("<H", len(found)) + told


def row(found: Sequence[Column], values: Sequence[object]) -> bytes:
    """Write a row; where more than a quarter is NULL, in the way that leaves NULLs out."""
    if sum(value is None for value in values) * 4 > len(values):
        return _row_of_few(found, values)
    cells = (
        one.type.null if value is None else one.type.write(value)
        for one, value in zip(found, values, strict=True)
    )
    return b"\xd1" + b"".join(cells)


def message(said: Message) -> bytes:
    text, mark = said.text, b"\xaa" if said.severity > 10 else b"\xab"
    body = (
        struct.pack("<iBB", said.number, 1, said.severity)
        + struct.pack("<H", len(text))
        + text.encode("utf-16-le")
        + _name("TIGER")
        + _name(said.procedure)
        + struct.pack("<i", said.line)
    )
    return mark + struct.pack("<H", len(body)) + body


def done(*, sort: int = DONE, status: int = 0, count: int = 0) -> bytes:
    return struct.pack("<BHHq", sort, status, 0xC1, count)


def status_of_procedure() -> bytes:
    return b"\x79" + struct.pack("<i", 0)


def begun(number: int) -> bytes:
    """Tell that a transaction of this number began."""
    return b"\xe3" + struct.pack("<H", 11) + b"\x08\x08" + struct.pack("<Q", number) + b"\0"


def database(name: str) -> bytes:
    body = b"\x01" + _name(name) + _name("master")
    return b"\xe3" + struct.pack("<H", len(body)) + body


def packet_size(size: int) -> bytes:
    body = b"\x04" + _name(str(size)) + _name("4096")
    return b"\xe3" + struct.pack("<H", len(body)) + body


def route(host: str, port: int) -> bytes:
    """Send the client to another server."""
    value = struct.pack("<BHH", 0, port, len(host)) + host.encode("utf-16-le")
    body = b"\x14" + struct.pack("<H", len(value)) + value + b"\0\0"
    return b"\xe3" + struct.pack("<H", len(body)) + body


def welcome() -> bytes:
    body = b"\x01" + TDS_7_4 + _name("Microsoft SQL Server") + b"\x10\x00\x03\xe8"
    return b"\xad" + struct.pack("<H", len(body)) + body


def _row_of_few(found: Sequence[Column], values: Sequence[object]) -> bytes:
    missing = bytearray((len(found) + 7) // 8)
    for at, value in enumerate(values):
        missing[at // 8] |= (value is None) << (at % 8)
    cells = (
        one.type.write(value) for one, value in zip(found, values, strict=True) if value is not None
    )
    return b"\xd2" + bytes(missing) + b"".join(cells)


def _name(text: str) -> bytes:
    return bytes([len(text)]) + text.encode("utf-16-le")
