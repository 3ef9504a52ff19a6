"""A query around the query, so that DuckDB hands over what is cheap to put on the wire.

A DECIMAL as an object of Python costs a microsecond; as a whole number it costs a fifth of that.
"""

from collections.abc import Sequence

from tests.hana_server.codes import LOBS, TypeCode
from tests.hana_server.types import HanaType

_DIGITS = 38
"""The most that DuckDB multiplies without an overflow."""
_FLOATING_SCALE = 10


def projected(sql: str, types: Sequence[HanaType]) -> str:
    """The query with its columns as the encoders want them."""
    names = [f"c{i}" for i in range(len(types))]
    wanted = ", ".join(_expression(name, kind) for name, kind in zip(names, types, strict=True))
    return f"SELECT {wanted} FROM (\n{sql}\n) AS r({', '.join(names)})"


def _expression(name: str, kind: HanaType) -> str:
    if kind.name == "DECIMAL":
        return _mantissa(name, kind)
    if kind.code in (TypeCode.LONGDATE, TypeCode.SECONDDATE):
        return f"epoch_us(CAST({name} AS TIMESTAMP))"
    if kind.code in (TypeCode.VARCHAR, TypeCode.NVARCHAR) or (
        kind.code in LOBS and kind.code is not TypeCode.BLOB
    ):
        return f"CAST({name} AS VARCHAR)"
    return name


def _mantissa(name: str, kind: HanaType) -> str:
    whole = "BIGINT" if kind.code is TypeCode.FIXED8 else "HUGEINT"
    if kind.is_floating:
        name = f"CAST({name} AS DECIMAL({_DIGITS}, {_FLOATING_SCALE}))"
    elif kind.length + kind.scale < _DIGITS:
        room = f"DECIMAL({kind.length + kind.scale + 1}, {kind.scale})"
        return f"CAST(CAST({name} AS {room}) * {10**kind.scale} AS {whole})"
    return f"CAST(replace(CAST({name} AS VARCHAR), '.', '') AS {whole})"
