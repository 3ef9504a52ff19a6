"""Values too large for a row: what is read piece by piece, and what comes in piece by piece."""

import struct
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.hana_server.codes import TypeCode
from tests.hana_server.errors import HanaError
from tests.hana_server.texts import from_units, from_wire, to_units, to_wire

_ROW = struct.Struct("<bbhqqqi")
_KINDS = {TypeCode.BLOB: 1, TypeCode.CLOB: 2, TypeCode.NCLOB: 3}
_NULL, _INCLUDED, _LAST = 1, 2, 4
_INLINE = 1024
"""Characters or bytes that come with the row."""
_KEPT = 256 * 1024 * 1024
"""Bytes of large values that a session remembers; the client never says that it is done."""


@dataclass(frozen=True, slots=True)
class _Large:
    """A value that was announced to the client: bytes, or text in units of two bytes."""

    content: bytes
    unit: int

    def piece(self, start: int, length: int) -> tuple[bytes, bool]:
        """The bytes on the wire of some characters, and whether they are the last."""
        end = (start + length) * self.unit
        units = self.content[start * self.unit : end]
        text = to_wire(from_units(units)) if self.unit == 2 else units
        return text, end >= len(self.content)


class Outgoing:
    """The large values that a session may still be asked for."""

    def __init__(self) -> None:
        self._values: OrderedDict[int, _Large] = OrderedDict()
        self._numbers = count(1)
        self._size = 0

    def encoder(self, code: TypeCode) -> Callable[[Sequence[Any]], Iterable[bytes]]:
        """The encoder of a column of such values."""
        return lambda values: [self._in_row(code, value) for value in values]

    def read(self, body: bytes) -> bytes:
        """Answer one request for a piece; its offset counts from 1."""
        locator, offset, length = struct.unpack_from("<qqi", body)
        value = self._values.get(locator)
        if value is None:
            raise HanaError(2, f"general error: invalid lob locator id: {locator}")
        piece, last = value.piece(offset - 1, length)
        options = _INCLUDED | (_LAST if last else 0)
        return struct.pack("<qbi3x", locator, options, len(piece)) + piece

    def _in_row(self, code: TypeCode, value: Any) -> bytes:
        if value is None:
            return bytes((_KINDS[code], _NULL))
        binary = code is TypeCode.BLOB
        large = _Large(value, 1) if binary else _Large(to_units(value), 2)
        piece, last = large.piece(0, _INLINE)
        locator = 0 if last else self._keep(large)
        size = len(value) if binary else len(to_wire(value))
        options = _INCLUDED | (_LAST if last else 0)
        units = len(large.content) // large.unit
        head = _ROW.pack(_KINDS[code], options, 0, units, size, locator, len(piece))
        return head + piece

    def _keep(self, value: _Large) -> int:
        locator = next(self._numbers)
        self._values[locator] = value
        self._size += len(value.content)
        while self._size > _KEPT:
            self._size -= len(self._values.popitem(last=False)[1].content)
        return locator


@dataclass(slots=True)
class Incoming:
    """A large parameter, of which more may follow."""

    code: TypeCode
    content: bytearray = field(default_factory=bytearray)
    complete: bool = False

    def value(self) -> bytes | str:
        """What the client sent in all."""
        content = bytes(self.content)
        return content if self.code is TypeCode.BLOB else from_wire(content)


def pieces(body: bytes) -> Iterator[tuple[int, bytes, bool]]:
    """What a request to write brings: a locator, some bytes, and whether they are its last."""
    position = 0
    while position + 21 <= len(body):
        locator, options, _offset, length = struct.unpack_from("<qbqi", body, position)
        position += 21
        yield locator, body[position : position + length], bool(options & _LAST)
        position += length
