"""What a client asks, taken apart: its login, its text and the values that go with it."""

import struct
from dataclasses import dataclass

READ_ONLY_INTENT = 0x20


@dataclass(frozen=True, slots=True)
class Login:
    """Who logs in."""

    user: str
    password: str
    application: str
    database: str
    only_reads: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A text, and the raw values bound to it, each with its name and the first byte of its type."""

    sql: str
    declared: str = ""
    raw: bytes = b""


def login_of(body: bytes) -> Login:
    def text(at: int) -> bytes:
        start, letters = struct.unpack_from("<HH", body, at)
        return body[start : start + 2 * letters]

    mangled = text(44)
    password = bytes((byte ^ 0xA5) >> 4 | ((byte ^ 0xA5) << 4) & 0xF0 for byte in mangled)
    return Login(
        user=text(40).decode("utf-16-le"),
        password=password.decode("utf-16-le"),
        application=text(48).decode("utf-16-le"),
        database=text(68).decode("utf-16-le"),
        only_reads=bool(body[26] & READ_ONLY_INTENT),
    )


def batch_of(body: bytes) -> Asked:
    return Asked(_past_headers(body).decode("utf-16-le"))


def call_of(body: bytes) -> Asked:
    """Take a call of sp_executesql apart: a text, a list of declarations, then the values."""
    rest = _past_headers(body)
    assert struct.unpack_from("<HH", rest) == (0xFFFF, 10), "only sp_executesql is known here"
    sql, rest = _long_text(rest[6:])
    declared, rest = _long_text(rest)
    return Asked(sql, declared, rest)


def _past_headers(body: bytes) -> bytes:
    return body[struct.unpack_from("<I", body)[0] :]


def _long_text(rest: bytes) -> tuple[str, bytes]:
    """Read a nameless value of nvarchar(max), and return what follows it."""
    assert rest[0] == 0, "a value without a name"
    assert rest[2:5] == b"\xe7\xff\xff", "nvarchar(max)"
    at, text = 10 + 8, b""
    while size := struct.unpack_from("<I", rest, at)[0]:
        text += rest[at + 4 : at + 4 + size]
        at += 4 + size
    return text.decode("utf-16-le"), rest[at + 4 :]
