"""The types of a result: how a column tells its own, and how a value of it stands in a row."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Context, Decimal
from uuid import UUID

TURKISH = struct.pack("<IB", 0x0000041F | 0x00D00000, 0)
"""The collation Turkish_CI_AS, whose code page is 1254."""
PLP_NULL = b"\xff" * 8
PLP_CHUNK = 4_000
_EXACT = Context(prec=80)


@dataclass(frozen=True, slots=True)
class Type:
    """A type: what stands in the header, NULL, and how a value is written."""

    header: bytes
    null: bytes
    write: Callable[[object], bytes]


def _short(text: bytes) -> bytes:
    return struct.pack("<H", len(text)) + text


def _sized(value: bytes) -> bytes:
    return bytes([len(value)]) + value


def _chunked(value: bytes) -> bytes:
    """Write a long value in parts, as SQL Server writes what is (max)."""
    parts = [value[at : at + PLP_CHUNK] for at in range(0, len(value), PLP_CHUNK)]
    told = b"".join(struct.pack("<I", len(part)) + part for part in parts)
    return struct.pack("<Q", len(value)) + told + struct.pack("<I", 0)


def _utf16(value: object) -> bytes:
    return str(value).encode("utf-16-le")


def _decimal(scale: int) -> Callable[[object], bytes]:
    def write(value: object) -> bytes:
        whole = int(_EXACT.scaleb(Decimal(str(value)), scale))
        return _sized(bytes([whole >= 0]) + abs(whole).to_bytes(16, "little"))

    return write


def _money(value: object) -> bytes:
    whole = int(_EXACT.scaleb(Decimal(str(value)), 4))
    return _sized(struct.pack("<iI", whole >> 32, whole & 0xFFFFFFFF))


def _packed(layout: str) -> Callable[[object], bytes]:
    return lambda value: _sized(struct.pack(layout, value))


def _days(value: date) -> bytes:
    return (value.toordinal() - 1).to_bytes(3, "little")


def _clock(value: time) -> bytes:
    """A time of day in tenths of a microsecond."""
    seconds = value.hour * 3_600 + value.minute * 60 + value.second
    return (seconds * 10_000_000 + value.microsecond * 10).to_bytes(5, "little")


def _date(value: object) -> bytes:
    assert isinstance(value, date)
    return _sized(_days(value))


def _time(value: object) -> bytes:
    assert isinstance(value, time)
    return _sized(_clock(value))


def _datetime(value: object) -> bytes:
    """Days since 1900, and three-hundredths of a second."""
    assert isinstance(value, datetime)
    ticks = round((value - datetime.combine(value, time())).total_seconds() * 300)
    return _sized(struct.pack("<iI", (value.date() - date(1900, 1, 1)).days, ticks))


def _datetime2(value: object) -> bytes:
    assert isinstance(value, datetime)
    return _sized(_clock(value.time()) + _days(value.date()))


def _datetimeoffset(value: object) -> bytes:
    """The instant in UTC, and the minutes that the clock there is ahead."""
    assert isinstance(value, datetime)
    offset = value.utcoffset()
    assert offset is not None
    utc = (value - offset).replace(tzinfo=None)
    minutes = int(offset.total_seconds()) // 60
    return _sized(_clock(utc.time()) + _days(utc.date()) + struct.pack("<h", minutes))


def _uuid(value: object) -> bytes:
    assert isinstance(value, UUID)
    return _sized(value.bytes_le)


def _ntext(value: object) -> bytes:
    text = _utf16(value)
    return _sized(b"\0" * 16) + b"\0" * 8 + struct.pack("<I", len(text)) + text


def _bytes(value: object) -> bytes:
    assert isinstance(value, bytes)
    return _short(value)


def decimal(precision: int, scale: int) -> Type:
    return Type(bytes([0x6A, 17, precision, scale]), b"\0", _decimal(scale))


def nvarchar(letters: int) -> Type:
    header = b"\xe7" + struct.pack("<H", 2 * letters) + TURKISH
    return Type(header, b"\xff\xff", lambda value: _short(_utf16(value)))


def varchar(letters: int) -> Type:
    header = b"\xa7" + struct.pack("<H", letters) + TURKISH
    return Type(header, b"\xff\xff", lambda value: _short(str(value).encode("cp1254")))


BIT = Type(b"\x68\x01", b"\0", _packed("<?"))
TINYINT = Type(b"\x26\x01", b"\0", _packed("<B"))
SMALLINT = Type(b"\x26\x02", b"\0", _packed("<h"))
INT = Type(b"\x26\x04", b"\0", _packed("<i"))
BIGINT = Type(b"\x26\x08", b"\0", _packed("<q"))
REAL = Type(b"\x6d\x04", b"\0", _packed("<f"))
FLOAT = Type(b"\x6d\x08", b"\0", _packed("<d"))
MONEY = Type(b"\x6e\x08", b"\0", _money)
DATE = Type(b"\x28", b"\0", _date)
TIME = Type(b"\x29\x07", b"\0", _time)
DATETIME = Type(b"\x6f\x08", b"\0", _datetime)
DATETIME2 = Type(b"\x2a\x07", b"\0", _datetime2)
DATETIMEOFFSET = Type(b"\x2b\x07", b"\0", _datetimeoffset)
UNIQUEIDENTIFIER = Type(b"\x24\x10", b"\0", _uuid)
NVARCHAR_MAX = Type(b"\xe7\xff\xff" + TURKISH, PLP_NULL, lambda value: _chunked(_utf16(value)))
VARCHAR_MAX = Type(
    b"\xa7\xff\xff" + TURKISH, PLP_NULL, lambda value: _chunked(str(value).encode("cp1254"))
)
XML = Type(b"\xf1\0", PLP_NULL, lambda value: _chunked(_utf16(value)))
NTEXT = Type(b"\x63\xff\xff\xff\x7f" + TURKISH + b"\x01" + b"\x01\0t\0", b"\0", _ntext)
VARBINARY = Type(b"\xa5" + struct.pack("<H", 100), b"\xff\xff", _bytes)
VARBINARY_MAX = Type(b"\xa5\xff\xff", PLP_NULL, lambda value: _chunked(bytes(value)))  # type: ignore[call-overload]
ROWVERSION = Type(b"\xad\x08\0", b"\xff\xff", _bytes)
