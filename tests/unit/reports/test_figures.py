"""What the rows come to, counted exactly while they pass."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from tasks.errors import JobError
from tasks.reports.figures import Figures
from tasks.reports.tally import Tally
from tasks.rows import Column, ColumnKind, Row

KINDS = {
    "Code": ColumnKind.TEXT,
    "Balance": ColumnKind.DECIMAL,
    "Number": ColumnKind.INTEGER,
    "Rate": ColumnKind.FLOAT,
    "Due": ColumnKind.DATE,
    "At": ColumnKind.DATETIME,
    "Clock": ColumnKind.TIME,
    "Open": ColumnKind.BOOLEAN,
}
COLUMNS = [
    Column(name, kind, 2 if kind is ColumnKind.DECIMAL else None) for name, kind in KINDS.items()
]
ROWS: list[Row] = [
    ("C1", Decimal("0.1"), 7, 0.1, date(2026, 3, 1), datetime(2026, 3, 1, 9), time(9), True),
    ("", Decimal("0.2"), None, 0.2, date(1, 1, 1), datetime(2026, 3, 1, 8), time(8), None),
    (None, None, -3, None, None, None, None, False),
]


def counted(*batches: list[Row], columns: list[Column] = COLUMNS) -> Figures:
    tally = Tally()
    tally.begin(columns)
    for batch in batches:
        tally.write(batch)
    return tally.figures


def one(kind: ColumnKind, *values: object) -> Figures:
    return counted([(value,) for value in values], columns=[Column("x", kind)])


def test_each_column_has_its_figures() -> None:
    figures = counted(ROWS[:1], [], ROWS[1:])
    assert figures.rows == 3
    assert figures.total("Balance") == Decimal("0.3") == figures.total("Rate")
    assert (figures.least("Number"), figures.largest("Number")) == (Decimal(-3), Decimal(7))
    assert (figures.least("Due"), figures.largest("Due")) == (date(1, 1, 1), date(2026, 3, 1))
    assert figures.least("Clock") == time(8)
    counts = [figures.count(name) for name in KINDS]
    assert counts == [1, 2, 2, 2, 2, 2, 2, 2]


def test_kept_figures_are_read_as_they_were() -> None:
    zoned = datetime(2026, 3, 29, 1, tzinfo=UTC)
    for figures in (counted(ROWS), counted(), one(ColumnKind.DATETIME, zoned)):
        assert Figures.from_json(figures.rows, figures.as_json()) == figures


@pytest.mark.parametrize(
    ("kind", "values", "total"),
    [
        (
            ColumnKind.DECIMAL,
            [Decimal("1E+20"), Decimal("1E-9")],
            "100000000000000000000.000000001",
        ),
        (ColumnKind.DECIMAL, [Decimal("NaN"), Decimal("-2"), Decimal("Infinity")], "-2"),
        (ColumnKind.DECIMAL, [Decimal("sNaN"), Decimal("-2"), None, "word"], "-2"),
        (ColumnKind.FLOAT, [float("nan"), -2.0, float("inf"), float("-inf")], "-2"),
        (ColumnKind.FLOAT, [0.1] * 10, "1.0"),
        (ColumnKind.INTEGER, [2**63, 2**63, True], str(2**64 + 1)),
        (ColumnKind.INTEGER, [10**5_000, -(10**5_000)], "0"),
        (ColumnKind.INTEGER, [None, None], "0"),
    ],
)
def test_sums_are_exact_and_leave_out_what_is_no_number(
    kind: ColumnKind, values: list[object], total: str
) -> None:
    assert one(kind, *values).total("x") == Decimal(total)


def test_the_ends_are_finite_numbers_wherever_the_others_stand() -> None:
    numbers = [Decimal("NaN"), Decimal("Infinity"), Decimal(4), Decimal(2)]
    for turn in range(4):
        figures = one(ColumnKind.DECIMAL, *numbers[turn:], *numbers[:turn])
        assert (figures.least("x"), figures.largest("x")) == (Decimal(2), Decimal(4))


def test_instants_without_an_order_do_not_fail() -> None:
    bare, zoned = datetime(2026, 1, 1), datetime(2025, 1, 1, tzinfo=UTC)
    assert one(ColumnKind.DATETIME, bare, zoned, bare).least("x") == bare


def test_several_companies_count_together() -> None:
    tally = Tally()
    for amount in (Decimal(1), Decimal(2)):
        tally.begin([Column("x", ColumnKind.DECIMAL)])
        tally.write([(amount,)])
    assert (tally.rows, tally.figures.total("x"), tally.figures.count("x")) == (2, Decimal(3), 2)


def test_of_two_columns_with_one_name_the_first_has_the_figures() -> None:
    twice = [Column("x", ColumnKind.DECIMAL), Column("x", ColumnKind.INTEGER)]
    tally = Tally()
    for row in [(Decimal(5), 7)], [(Decimal(6), 8)]:
        tally.begin(twice)
        tally.write(row)
    assert (tally.figures.total("x"), tally.figures.count("x")) == (Decimal(11), 2)


def test_nothing_has_neither_least_nor_largest() -> None:
    figures = counted()
    assert (figures.rows, figures.total("Balance"), figures.count("Code")) == (0, Decimal(0), 0)
    assert figures.least("Balance") is None is figures.largest("Due")


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda figures: figures.total("Saldo"), "no column “Saldo” .* gives: Code, Balance"),
        (lambda figures: figures.count("Saldo"), "no column “Saldo”"),
        (lambda figures: figures.total("Due"), "“Due” cannot be added up"),
        (lambda figures: figures.largest("Code"), "“Code” has no least or largest value"),
    ],
)
def test_what_has_no_figure_is_said_in_words(ask: object, sentence: str) -> None:
    with pytest.raises(JobError, match=sentence):
        ask(counted(ROWS))  # type: ignore[operator]
