"""Every type through the real client: ordinary values, extremes, NULL."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

VALUES: list[tuple[str, list[object]]] = [
    ("TINYINT", [0, 255]),
    ("SMALLINT", [-32_768, 32_767]),
    ("INTEGER", [-2_147_483_648, 0, 2_147_483_647]),
    ("BIGINT", [-(2**63), 2**63 - 1]),
    ("REAL", [0.5, -1.25]),
    ("DOUBLE", [1.7976931348623157e308, -2.5e-308, 0.0]),
    ("DECIMAL(10,2)", [Decimal("99999999.99"), Decimal("-0.01"), Decimal(0)]),
    ("DECIMAL(18,6)", [Decimal("999999999999.999999"), Decimal("-999999999999.999999")]),
    ("DECIMAL(21,6)", [Decimal("999999999999999.999999"), Decimal("-1.5"), Decimal("0.000001")]),
    ("DECIMAL(28,0)", [Decimal("9" * 28), Decimal("-" + "9" * 28)]),
    ("DECIMAL(38,10)", [Decimal("9" * 28 + "." + "9" * 10), Decimal("-0.0000000001")]),
    ("DECIMAL", [Decimal("1234567.89"), Decimal("-0.25"), Decimal(0), Decimal(7_000_000)]),
    (
        "NVARCHAR(5000)",
        ["", "a", "İğne ve şiş", "x" * 245, "y" * 246, "ü" * 5000, "😀 — 𝄞", "\x00"],
    ),
    ("VARCHAR(100)", ["plain", ""]),
    ("VARBINARY(5000)", [b"", b"\x00\xff", b"z" * 5000]),
    ("BOOLEAN", [True, False]),
    (
        "DATE",
        [
            date(1, 1, 1),
            date(1500, 2, 28),
            date(1582, 10, 4),
            date(1582, 10, 15),
            date(2024, 2, 29),
            date(9999, 12, 31),
        ],
    ),
    ("TIME", [time(0, 0), time(23, 59, 59)]),
    ("SECONDDATE", [datetime(1, 1, 1), datetime(2026, 11, 23, 7, 52, 1)]),
    (
        "TIMESTAMP",
        [
            datetime(1, 1, 1),
            datetime(1500, 2, 28, 12, 30, 0, 1),
            datetime(1969, 12, 31, 23, 59, 59, 999_999),
            datetime(2026, 11, 23, 7, 52, 1, 123_456),
            datetime(9999, 12, 31, 23, 59, 59, 999_999),
        ],
    ),
    ("NCLOB", ["", "short", "İ😀" * 400, "a" * 1024, "b" * 1025, "ü" * 70_000]),
    ("CLOB", ["text"]),
    ("BLOB", [b"", b"\x00\x01", b"\xfe" * 70_000]),
]


@pytest.mark.parametrize(("kind", "values"), VALUES, ids=[kind for kind, _ in VALUES])
def test_a_value_comes_back_as_it_was_sent(cursor: Any, kind: str, values: list[object]) -> None:
    cursor.execute(f"CREATE TABLE T (ID INTEGER, V {kind})")
    for i, value in enumerate([*values, None]):
        cursor.execute("INSERT INTO T VALUES (?, ?)", [i, value])

    cursor.execute("SELECT V FROM T ORDER BY ID")

    assert [_plain(row[0]) for row in cursor.fetchall()] == [*values, None]


@pytest.mark.parametrize(("kind", "values"), VALUES, ids=[kind for kind, _ in VALUES])
def test_many_rows_go_in_one_message(cursor: Any, kind: str, values: list[object]) -> None:
    cursor.execute(f"CREATE TABLE T (ID INTEGER, V {kind})")

    cursor.executemany("INSERT INTO T VALUES (?, ?)", list(enumerate([*values, None])))

    cursor.execute("SELECT V FROM T ORDER BY ID")
    assert [_plain(row[0]) for row in cursor.fetchall()] == [*values, None]


def test_the_client_drops_the_zeros_at_the_end_of_a_decimal(cursor: Any) -> None:
    cursor.execute("CREATE TABLE T (V DECIMAL(10,2))")
    cursor.execute("INSERT INTO T VALUES (1.50)")

    cursor.execute("SELECT V FROM T")

    assert str(cursor.fetchone()[0]) == "1.5"
    assert cursor.description[0][5] == 2


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("DATE", 14),
        ("TIME", 15),
        ("TIMESTAMP", 16),
        ("DECIMAL(21,6)", 5),
        ("NCLOB", 26),
        ("BLOB", 27),
        ("NVARCHAR(20)", 11),
        ("BIGINT", 4),
        ("BOOLEAN", 28),
    ],
)
def test_the_type_of_a_column_is_told(cursor: Any, kind: str, code: int) -> None:
    cursor.execute(f'CREATE TABLE T ("Değer" {kind})')

    cursor.execute("SELECT * FROM T")

    assert cursor.description[0][:2] == ("Değer", code)


def test_an_expression_is_told_by_its_own_type(reader: Any) -> None:
    reader.execute(
        'SELECT COUNT(*), SUM("DocTotal"), MAX("DocDate"), \'x\' || MAX("CardName") FROM OINV'
    )

    assert [column[1] for column in reader.description] == [4, 5, 14, 11]


def test_instants_and_numbers_in_expressions_are_read(reader: Any) -> None:
    reader.execute(
        "SELECT TO_TIMESTAMP('2026-11-23 07:52:00', 'YYYY-MM-DD HH24:MI:SS'),"
        " TO_DECIMAL(1.25, 10, 3), 7 / 2, ADD_DAYS(TO_DATE('2026-02-28'), 1), TO_DOUBLE('0.1')"
        " FROM DUMMY"
    )

    assert tuple(reader.fetchone()) == (
        datetime(2026, 11, 23, 7, 52),
        Decimal("1.25"),
        Decimal("3.5"),
        date(2026, 3, 1),
        0.1,
    )


def _plain(value: Any) -> object:
    """Large values come as objects to read from, bytes as a view of them."""
    if hasattr(value, "read"):
        value = value.read()
    return bytes(value) if isinstance(value, memoryview) else value
