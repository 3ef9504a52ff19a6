"""What columns and parameters are, as the client is told before their values."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from tests.hana_server.codes import PartKind
from tests.hana_server.framing import Part
from tests.hana_server.texts import to_wire
from tests.hana_server.types import HanaType

_NULLABLE = 2
_NO_NAME = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """A column of a result."""

    name: str
    type: HanaType


def of_columns(columns: Sequence[ResultColumn]) -> Part:
    """What a result consists of."""
    heads, names, offsets = b"", b"", dict[str, int]()
    for column in columns:
        if column.name not in offsets:
            offsets[column.name] = len(names)
            content = to_wire(column.name)[:255]
            names += bytes([len(content)]) + content
        offset = offsets[column.name]
        kind = column.type
        sizes = struct.pack("<bbhhh", _NULLABLE, kind.code, kind.scale, kind.length, 0)
        heads += sizes + struct.pack("<4I", _NO_NAME, _NO_NAME, offset, offset)
    return Part(PartKind.RESULT_SET_METADATA, heads + names, len(columns))


def of_parameters(types: Sequence[HanaType]) -> Part:
    """What a prepared statement wants."""
    entries = (
        struct.pack("<bbbbIhhi", _NULLABLE, kind.code, 1, 0, _NO_NAME, kind.length, kind.scale, 0)
        for kind in types
    )
    return Part(PartKind.PARAMETER_METADATA, b"".join(entries), len(types))
