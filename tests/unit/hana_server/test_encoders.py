"""Values as the bytes that HANA's documents and clients name."""

import struct
from datetime import date

import pytest

from tests.hana_server.encoders import encoded, encoder
from tests.hana_server.errors import HanaError
from tests.hana_server.types import HanaType, declared, of_duckdb


@pytest.mark.parametrize(
    ("kind", "value", "content"),
    [
        ("INTEGER", -2, b"\x01\xfe\xff\xff\xff"),
        ("TINYINT", 255, b"\x01\xff"),
        ("BIGINT", None, b"\x00"),
        ("BOOLEAN", None, b"\x01"),
        ("BOOLEAN", True, b"\x02"),
        ("DECIMAL(10,2)", 150, b"\x01" + struct.pack("<q", 150)),
        ("DECIMAL(21,6)", -1, b"\x01" + b"\xff" * 12),
        ("DECIMAL(38,0)", 2**100, b"\x01" + (2**100).to_bytes(16, "little")),
        ("DECIMAL", None, bytes(15) + b"\x70"),
        ("DOUBLE", None, b"\xff" * 8),
        ("NVARCHAR(9)", "ü", b"\x02\xc3\xbc"),
        ("NVARCHAR(9)", None, b"\xff"),
        ("NVARCHAR(5000)", "x" * 246, b"\xf6" + struct.pack("<h", 246) + b"x" * 246),
        ("DATE", date(1, 1, 1), b"\x01\x00\x00\x00"),
        ("DATE", None, struct.pack("<i", 3_652_062)),
        ("TIMESTAMP", None, struct.pack("<q", 3_155_380_704_000_000_001)),
    ],
)
def test_a_value_has_its_bytes(kind: str, value: object, content: bytes) -> None:
    assert b"".join(encoder(_type(kind))([value])) == content


def test_a_row_is_its_values_one_after_the_other() -> None:
    encoders = [encoder(_type("TINYINT")), encoder(_type("NVARCHAR(5)"))]

    assert encoded([(1, 2), ("a", None)], encoders) == b"\x01\x01\x01a\x01\x02\xff"


def test_a_number_that_does_not_fit_is_an_overflow() -> None:
    with pytest.raises(HanaError) as refused:
        list(encoder(_type("BIGINT"))([2**63]))

    assert refused.value.code == 314


@pytest.mark.parametrize(
    ("duckdb", "hana"),
    [
        ("VARCHAR", "NVARCHAR"),
        ("HUGEINT", "BIGINT"),
        ("DECIMAL(21,6)", "DECIMAL"),
        ("TIMESTAMP WITH TIME ZONE", "TIMESTAMP"),
        ('"NULL"', "NVARCHAR"),
        ("INTEGER[]", "NVARCHAR"),
    ],
)
def test_each_type_of_duckdb_is_shown_as_one_of_hanas(duckdb: str, hana: str) -> None:
    assert of_duckdb(duckdb).name == hana


def _type(kind: str) -> HanaType:
    found = declared(kind)
    assert found is not None
    return found
