"""The columns of SQL Server's results: what they hold, and values as every source gives them."""

import struct
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Context, Decimal
from typing import Any

from pytds import tds_base

from tasks.errors import ErrorKind, JobError
from tasks.rows import Column, ColumnKind
from tasks.settings import settings

MONEY_SCALE = 4
_DECIMALS = frozenset({tds_base.SYBDECIMAL, tds_base.SYBNUMERIC})
_MONEYS = frozenset({tds_base.SYBMONEY, tds_base.SYBMONEY4})
_WHOLES = (tds_base.SYBINT1, tds_base.SYBINT2, tds_base.SYBINT4, tds_base.SYBINT8)
_MOMENTS = (
    tds_base.SYBDATETIME,
    tds_base.SYBDATETIME4,
    tds_base.SYBMSDATETIME2,
    tds_base.SYBMSDATETIMEOFFSET,
)
_KINDS: dict[int, ColumnKind] = {
    tds_base.SYBBIT: ColumnKind.BOOLEAN,
    **dict.fromkeys(_WHOLES, ColumnKind.INTEGER),
    **dict.fromkeys(_DECIMALS | _MONEYS, ColumnKind.DECIMAL),
    **dict.fromkeys((tds_base.SYBREAL, tds_base.SYBFLT8), ColumnKind.FLOAT),
    tds_base.SYBMSDATE: ColumnKind.DATE,
    tds_base.SYBMSTIME: ColumnKind.TIME,
    **dict.fromkeys(_MOMENTS, ColumnKind.DATETIME),
}
_BINARY = frozenset(
    {
        tds_base.SYBIMAGE,
        tds_base.SYBBINARY,
        tds_base.SYBVARBINARY,
        tds_base.XSYBBINARY,
        tds_base.XSYBVARBINARY,
        tds_base.SYBMSUDT,
        None,  # a type of .NET's, such as geography, has no code in the driver
    }
)
_EXACT = Context(prec=38)
_REAL = struct.Struct("f")
_REAL_DIGITS = (7, 8, 9)

Mend = Callable[[Any], object]


def column_of(described: Sequence[Any]) -> Column:
    """Return the column that the driver describes; raises JobError for binary content."""
    name, code, scale = str(described[0]), described[1], described[5]
    if code in _BINARY:
        raise JobError(
            'The column "{name}" holds binary content, which a report cannot show. Leave it out, '
            "or turn it into text.",
            kind=ErrorKind.SQL,
            name=name,
        )
    if code in _MONEYS:
        scale = MONEY_SCALE
    kind = _KINDS.get(code, ColumnKind.TEXT)
    return Column(name, kind, scale=scale if kind is ColumnKind.DECIMAL else None)


def mend_of(described: Sequence[Any], column: Column) -> Mend | None:
    """Return what has to be done to each value of a column that is not NULL; None for nothing."""
    code = described[1]
    if column.scale is not None:
        unit = Decimal(1).scaleb(-column.scale)
        return lambda value: _EXACT.quantize(value, unit)  # the driver drops zeros at the end
    if code == tds_base.SYBREAL:
        return _shortest
    if code == tds_base.SYBMSDATETIMEOFFSET:
        return _in_our_zone
    if code in (tds_base.SYBUNIQUE, tds_base.SYBVARIANT):
        return _as_text
    return None


def _in_our_zone(value: datetime) -> datetime:
    return value.astimezone(settings().zone)


def _as_text(value: object) -> str:
    """Write a value as SQL Server does: its identifiers have capital letters."""
    return str(value).upper() if hasattr(value, "hex") and hasattr(value, "urn") else str(value)


def _shortest(value: float) -> float:
    """Return the shortest number that is the same in four bytes: 0.1, not 0.10000000149011612."""
    wanted = _REAL.pack(value)
    tried = (float(f"{value:.{digits}g}") for digits in _REAL_DIGITS)
    return next((one for one in tried if _REAL.pack(one) == wanted), value)
