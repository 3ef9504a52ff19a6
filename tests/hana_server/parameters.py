"""The values that the client sends for `?`."""

import struct
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from tests.hana_server import calendar
from tests.hana_server.codes import LOBS, PartKind, TypeCode
from tests.hana_server.framing import Request
from tests.hana_server.lobs import Incoming
from tests.hana_server.texts import from_wire
from tests.hana_server.types import HanaType

_NULL = 0x80
_LAST = 4
_LENGTHS = {246: "<h", 247: "<i"}
_FIXED: dict[int, tuple[str, Callable[[Any], Any]]] = {
    TypeCode.TINYINT: ("<B", int),
    TypeCode.SMALLINT: ("<h", int),
    TypeCode.INTEGER: ("<i", int),
    TypeCode.BIGINT: ("<q", int),
    TypeCode.REAL: ("<f", float),
    TypeCode.DOUBLE: ("<d", float),
    TypeCode.BOOLEAN: ("<B", lambda value: value == 2),
    TypeCode.DAYDATE: ("<i", calendar.day_of),
    TypeCode.SECONDTIME: ("<i", calendar.time_of),
    TypeCode.SECONDDATE: ("<q", lambda value: calendar.moment_of((value - 1) * 10_000_000 + 1)),
    TypeCode.LONGDATE: ("<q", calendar.moment_of),
}
_MANTISSAS = {TypeCode.FIXED8: 8, TypeCode.FIXED12: 12, TypeCode.FIXED16: 16}


class _Reader:
    """Walks through the values of one message."""

    def __init__(self, body: bytes) -> None:
        self._body, self._position = body, 0
        self._large_end = 0

    def value(self, kind: HanaType) -> Any:
        (code,) = self._take("<B")
        if code & _NULL:
            return None
        if code in _FIXED:
            form, convert = _FIXED[code]
            return convert(self._take(form)[0])
        if code in _MANTISSAS:
            mantissa = int.from_bytes(self._bytes(_MANTISSAS[code]), "little", signed=True)
            return Decimal(f"{mantissa}E-{kind.scale}")
        if code == TypeCode.DECIMAL:
            return _floating(int.from_bytes(self._bytes(16), "little"))
        if code in LOBS:
            return self._large(TypeCode(code))
        content = self._bytes(self._length())
        return content if code == TypeCode.VARBINARY else from_wire(content)

    def _large(self, code: TypeCode) -> Incoming:
        options, length, start = self._take("<bii")
        self._large_end = start + length
        content = bytearray(self._body[start : start + length])
        return Incoming(code, content, complete=bool(options & _LAST))

    def end_row(self) -> None:
        """Large values stand behind the row that they belong to."""
        self._position = max(self._position, self._large_end)

    def _length(self) -> int:
        (short,) = self._take("<B")
        return int(self._take(_LENGTHS[short])[0]) if short in _LENGTHS else int(short)

    def _take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(form, self._body, self._position)
        self._position += struct.calcsize(form)
        return values

    def _bytes(self, size: int) -> bytes:
        start, self._position = self._position, self._position + size
        return self._body[start : start + size]


def rows_of(request: Request, types: Sequence[HanaType]) -> list[list[Any]]:
    """The rows of parameters of one message; a large value is an `Incoming`."""
    part = request.parts.get(PartKind.PARAMETERS)
    if part is None:
        return [[]]
    reader = _Reader(part.body)
    return [_row(reader, types) for _ in range(part.count)]


def _row(reader: _Reader, types: Sequence[HanaType]) -> list[Any]:
    values = [reader.value(kind) for kind in types]
    reader.end_row()
    return values


def _floating(bits: int) -> Decimal:
    mantissa = bits & ((1 << 113) - 1)
    exponent = ((bits >> 113) & 0x3FFF) - 6176
    sign = "-" if bits >> 127 else ""
    return Decimal(f"{sign}{mantissa}E{exponent}")
