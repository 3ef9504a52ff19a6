"""Values of a result as bytes, a column at a time: this is where the server spends its time.

DuckDB hands most values over as whole numbers (see `projection.py`), which are packed at once.
"""

import struct
from collections.abc import Callable, Iterable, Sequence
from datetime import date, time
from itertools import chain, repeat
from typing import Any

from tests.hana_server import calendar
from tests.hana_server.codes import TypeCode
from tests.hana_server.errors import HanaError
from tests.hana_server.texts import to_wire
from tests.hana_server.types import HanaType

Encoder = Callable[[Sequence[Any]], Iterable[bytes]]
"""The values of a column, NULLs among them, to the bytes of each."""

_NUMBERS = {
    TypeCode.TINYINT: "B",
    TypeCode.SMALLINT: "h",
    TypeCode.INTEGER: "i",
    TypeCode.BIGINT: "q",
    TypeCode.FIXED8: "q",
}
_WIDE = {TypeCode.FIXED12: 12, TypeCode.FIXED16: 16}
_BOOLEANS = {False: b"\x00", None: b"\x01", True: b"\x02"}
_OVERFLOW = "numeric overflow"


def encoded(columns: Iterable[Sequence[Any]], encoders: Sequence[Encoder]) -> bytes:
    """The rows of these columns, one after the other."""
    parts = [encode(column) for encode, column in zip(encoders, columns, strict=True)]
    return b"".join(chain.from_iterable(zip(*parts, strict=True)))


def encoder(kind: HanaType) -> Encoder:
    """The encoder for a column of this type; not for a LOB, which a session must remember."""
    if kind.code in _NUMBERS:
        return _numbers(_NUMBERS[kind.code])
    if kind.code in _WIDE:
        return _wide(_WIDE[kind.code])
    return _OTHERS[kind.code]


def _numbers(letter: str) -> Encoder:
    pack = struct.Struct(f"<B{letter}").pack

    def encode(values: Sequence[Any]) -> Iterable[bytes]:
        try:
            if None in values:
                return [b"\x00" if value is None else pack(1, value) for value in values]
            return list(map(pack, repeat(1), values))
        except struct.error as error:
            raise HanaError(314, _OVERFLOW) from error

    return encode


def _wide(size: int) -> Encoder:
    """A mantissa of more than eight bytes, which nearly always fits into eight."""
    tails = {False: bytes(size - 8), True: b"\xff" * (size - 8)}
    pack = struct.Struct("<Bq").pack

    def encode(values: Sequence[Any]) -> Iterable[bytes]:
        try:
            return [b"\x00" if v is None else pack(1, v) + tails[v < 0] for v in values]
        except struct.error:
            return [
                b"\x00" if v is None else b"\x01" + v.to_bytes(size, "little", signed=True)
                for v in values
            ]

    return encode


def _reals(letter: str) -> Encoder:
    pack = struct.Struct(f"<{letter}").pack
    null = b"\xff" * struct.calcsize(letter)
    return lambda values: [null if v is None else pack(v) for v in values]


def _floating(value: int) -> bytes:
    """A DECIMAL without a scale of its own: a mantissa of ten places and an exponent."""
    mantissa, exponent = abs(value), 6176 - 10
    while mantissa and mantissa % 10 == 0:
        mantissa, exponent = mantissa // 10, exponent + 1
    return (mantissa | exponent << 113 | (value < 0) << 127).to_bytes(16, "little")


def _text(value: str) -> bytes:
    content = to_wire(value)
    return _length(len(content)) + content


def _binary(value: bytes) -> bytes:
    return _length(len(value)) + value


def _length(size: int) -> bytes:
    if size <= 245:
        return bytes((size,))
    return struct.pack("<Bh", 246, size) if size < 0x8000 else struct.pack("<Bi", 247, size)


def _day(value: date) -> bytes:
    return struct.pack("<i", calendar.day_number(value))


def _time(value: time) -> bytes:
    return struct.pack("<i", calendar.seconds_of(value))


def _each_once(encode: Callable[[Any], bytes], null: bytes) -> Encoder:
    """Texts, days and times come again and again in a report: each is encoded once a batch."""

    def column(values: Sequence[Any]) -> Iterable[bytes]:
        known = {value: null if value is None else encode(value) for value in set(values)}
        return map(known.__getitem__, values)

    return column


def _instants(null: int, per_unit: int) -> Encoder:
    """Instants come as microseconds of 1970; before 1582 each is counted by its label."""
    pack = struct.Struct("<q").pack
    empty = pack(null)

    def encode(values: Sequence[Any]) -> Iterable[bytes]:
        return [
            empty if v is None else pack((calendar.ticks_of_epoch(v) - 1) // per_unit + 1)
            for v in values
        ]

    return encode


_NULL_TEXT = b"\xff"
_OTHERS: dict[TypeCode, Encoder] = {
    TypeCode.BOOLEAN: lambda values: map(_BOOLEANS.__getitem__, values),
    TypeCode.DECIMAL: _each_once(_floating, bytes(15) + b"\x70"),
    TypeCode.REAL: _reals("f"),
    TypeCode.DOUBLE: _reals("d"),
    TypeCode.VARCHAR: _each_once(_text, _NULL_TEXT),
    TypeCode.NVARCHAR: _each_once(_text, _NULL_TEXT),
    TypeCode.VARBINARY: _each_once(_binary, _NULL_TEXT),
    TypeCode.DAYDATE: _each_once(_day, struct.pack("<i", 3_652_062)),
    TypeCode.SECONDTIME: _each_once(_time, struct.pack("<i", 86_402)),
    TypeCode.SECONDDATE: _instants(315_538_070_401, 10_000_000),
    TypeCode.LONGDATE: _instants(3_155_380_704_000_000_001, 1),
}
