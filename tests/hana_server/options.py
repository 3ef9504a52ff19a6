"""Lists of options and lists of fields: how connecting talks."""

import struct
from collections.abc import Iterable, Sequence

INT, BIGINT, BOOLEAN, STRING, BINARY = 3, 4, 28, 29, 33
LENGTHS = {1: "<b", 2: "<h", INT: "<i", BIGINT: "<q", 7: "<d"}

Value = int | bool | float | str | bytes
Option = tuple[int, int, Value]
"""An option's number, its type and its value."""


def encode_options(options: Iterable[Option]) -> bytes:
    """The bytes of an option part."""
    return b"".join(
        struct.pack("<bb", number, kind) + _value(kind, v) for number, kind, v in options
    )


def decode_options(body: bytes) -> dict[int, Value]:
    """The values of an option part, by number."""
    found: dict[int, Value] = {}
    position = 0
    while position + 2 <= len(body):
        number, kind = struct.unpack_from("<bb", body, position)
        found[number], position = _read_value(kind, body, position + 2)
    return found


def encode_fields(fields: Sequence[bytes]) -> bytes:
    """A list of fields, each with its length before it."""
    return struct.pack("<H", len(fields)) + b"".join(_field(each) for each in fields)


def decode_fields(body: bytes) -> list[bytes]:
    """The fields of a list."""
    (count,) = struct.unpack_from("<H", body)
    fields, position = [], 2
    for _ in range(count):
        length, position = body[position], position + 1
        if length == 0xFF:
            (length,) = struct.unpack_from(">H", body, position)
            position += 2
        fields.append(body[position : position + length])
        position += length
    return fields


def decode_texts(body: bytes) -> list[str]:
    """Texts that follow one another, each with its length before it."""
    texts, position = [], 0
    while position < len(body):
        length, position = body[position], position + 1
        if length == 246:
            (length,), position = struct.unpack_from("<h", body, position), position + 2
        elif length == 247:
            (length,), position = struct.unpack_from("<i", body, position), position + 4
        texts.append(body[position : position + length].decode("utf-8", "surrogatepass"))
        position += length
    return texts


def _field(content: bytes) -> bytes:
    if len(content) <= 250:
        return bytes([len(content)]) + content
    return b"\xff" + struct.pack(">H", len(content)) + content


def _value(kind: int, value: Value) -> bytes:
    if kind == BOOLEAN:
        return bytes([bool(value)])
    if kind in LENGTHS:
        return struct.pack(LENGTHS[kind], value)
    content = value.encode() if isinstance(value, str) else bytes(value)  # type: ignore[arg-type]
    return struct.pack("<h", len(content)) + content


def _read_value(kind: int, body: bytes, position: int) -> tuple[Value, int]:
    if kind == BOOLEAN:
        return body[position] != 0, position + 1
    if kind in LENGTHS:
        (number,) = struct.unpack_from(LENGTHS[kind], body, position)
        return number, position + struct.calcsize(LENGTHS[kind])
    (length,) = struct.unpack_from("<h", body, position)
    content = body[position + 2 : position + 2 + length]
    value = content if kind == BINARY else content.decode("utf-8", "replace")
    return value, position + 2 + length
