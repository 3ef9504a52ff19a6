"""Values as exact text: what comes back is equal, and no two values read the same."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from itertools import combinations
from uuid import UUID

import pytest

from tasks.reports.kept.texts import text_of, texts_of, value_of
from tasks.rows import Column, ColumnKind

VALUES: list[object] = [
    None,
    "",
    "a",
    "A",
    " a",
    "\0",
    "\0n1",
    '\0s"a"',
    "\ud800",
    "null",
    "1",
    "true",
    "Çağrı\n\t\x1e\x1d\x1c",
    "x" * 40_000,
    0,
    1,
    -1,
    2**70,
    True,
    False,
    Decimal("0.1"),
    Decimal("-0.10000000000000000000000000000000000001"),
    Decimal("12345678901234567890123456789012345678"),
    Decimal("1E+40"),
    Decimal("1E+400"),
    Decimal("-1.5E-400"),
    Decimal("Infinity"),
    0.1,
    1.5e300,
    float("inf"),
    date(1, 1, 1),
    date(9999, 12, 31),
    datetime(2026, 3, 1, 12, 30, 0, 1),
    datetime(2026, 3, 1, 12, 30, 0, 1, tzinfo=UTC),
    datetime(2026, 3, 1, 12, 30, 0, 1, tzinfo=timezone(timedelta(hours=3))),
    time(23, 59, 59, 999_999),
    timedelta(days=-3, microseconds=7),
    b"",
    b"\x00\xff",
]


@pytest.mark.parametrize("kind", list(ColumnKind))
@pytest.mark.parametrize("value", VALUES, ids=lambda one: repr(one)[:40])
def test_a_value_comes_back_equal_whatever_its_column(kind: ColumnKind, value: object) -> None:
    back = value_of(kind, text_of(kind, value))
    assert back == value
    if not isinstance(value, int | Decimal):
        assert type(back) is type(value)


@pytest.mark.parametrize("kind", list(ColumnKind))
def test_no_two_values_have_one_text(kind: ColumnKind) -> None:
    for one, other in combinations(VALUES, 2):
        if one != other:
            assert text_of(kind, one) != text_of(kind, other), (one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Decimal("1.0"), Decimal("1.00")),
        (Decimal(1), Decimal("1.000")),
        (1, Decimal("1.0")),
        (Decimal("-0"), Decimal("0.00")),
        (Decimal("1E+3"), Decimal(1000)),
        (Decimal("0E+500"), Decimal(0)),
        (Decimal("10E+399"), Decimal("1E+400")),
        (-0.0, 0.0),
    ],
)
def test_equal_numbers_have_one_text(one: object, other: object) -> None:
    kind = ColumnKind.FLOAT if isinstance(one, float) else ColumnKind.DECIMAL
    assert text_of(kind, one) == text_of(kind, other)


def test_what_is_no_number_is_kept_as_that() -> None:
    for kind in (ColumnKind.DECIMAL, ColumnKind.FLOAT):
        for value in (Decimal("NaN"), float("nan")):
            assert str(value_of(kind, text_of(kind, value))).lower() == "nan"


def test_a_type_that_nothing_knows_comes_back_as_its_text() -> None:
    one = UUID(int=7)
    assert value_of(ColumnKind.TEXT, text_of(ColumnKind.TEXT, one)) == str(one)


@pytest.mark.parametrize("kind", list(ColumnKind))
def test_a_batch_has_the_texts_of_its_values(kind: ColumnKind) -> None:
    batch = [[value] for value in VALUES]
    (texts,) = texts_of([Column("A", kind)], batch)
    assert texts == [text_of(kind, value) for value in VALUES]
    for value in VALUES:
        (alone,) = texts_of([Column("A", kind)], [[value]])
        assert alone == [text_of(kind, value)]
        (with_none,) = texts_of([Column("A", kind)], [[value], [None]])
        assert with_none == [text_of(kind, value), None]


def test_no_rows_have_no_texts() -> None:
    assert texts_of([Column("A", ColumnKind.TEXT), Column("B", ColumnKind.DATE)], []) == [[], []]
