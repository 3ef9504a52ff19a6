"""Charts: what is gathered for them, how they are cut down, and that any value can be drawn."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from lxml import etree

from tasks.errors import Invalid, JobError
from tasks.reports.charts import svg
from tasks.reports.charts.drawing import Drawing, draw
from tasks.reports.charts.scale import scale_of
from tasks.reports.charts.settings import Aggregate, ChartKind, ChartSettings
from tasks.reports.charts.taking import MOST_LABELS, Gathering
from tasks.reports.render.layout import Language, Layout
from tasks.rows import Column, ColumnKind

SPACE = "{http://www.w3.org/2000/svg}"
LABEL = Column("Müşteri", ColumnKind.TEXT)
AMOUNT = Column("Bakiye", ColumnKind.DECIMAL, 2)
Cells = list[tuple[object, ...]]


def gathered(chart: ChartSettings, *batches: Cells, label: Column = LABEL) -> Gathering:
    taker = Gathering(chart, Layout("x", Language.TURKISH))
    taker.begin([label, *(Column(name, ColumnKind.DECIMAL, 2) for name in chart.values)])
    for batch in batches:
        taker.write(batch)
    return taker


def a_chart(kind: ChartKind = ChartKind.BAR, columns: int = 1, **values: object) -> ChartSettings:
    names = ["Bakiye", "Borç", "Alacak", "Çek", "Senet", "Diğer"][:columns]
    return ChartSettings.model_validate(
        {"kind": kind, "label": "Müşteri", "values": names} | values
    )


def drawn(chart: ChartSettings, rows: Cells, label: Column = LABEL) -> Drawing:
    picture = draw(chart, gathered(chart, rows, label=label).rows, Language.TURKISH)
    etree.fromstring(picture.svg.encode())
    return picture


def bars_of(picture: Drawing) -> list[etree._Element]:
    tree = etree.fromstring(picture.svg.encode())
    return [one for one in tree.iter(f"{SPACE}rect") if one.find(f"{SPACE}title") is not None]


def test_rows_with_one_label_are_added_up_exactly_over_batches() -> None:
    one: Cells = [("Ş", Decimal("0.1")), ("İ", Decimal(1)), ("Ş", None)]
    rows = gathered(a_chart(), one, [("Ş", Decimal("0.2"))]).rows
    assert (rows.labels, rows.numbers) == (["Ş", "İ"], [[Decimal("0.30")], [Decimal("1.00")]])


def test_the_last_row_of_a_label_can_count_alone() -> None:
    several: Cells = [("Ş", Decimal(5)), ("Ş", Decimal(7)), ("Ş", None)]
    chart = a_chart(aggregate=Aggregate.LAST)
    assert gathered(chart, several).rows.numbers == [[Decimal(7)]]


def test_past_ten_thousand_labels_nothing_more_is_held() -> None:
    rows: Cells = [(f"C{number}", Decimal(1)) for number in range(MOST_LABELS + 1)]
    taker = gathered(a_chart(), rows[:-1])
    assert not taker.is_too_much
    taker = gathered(a_chart(), rows, rows)
    assert taker.is_too_much
    assert taker.rows.labels == []


def test_of_many_the_largest_are_drawn_and_the_others_as_one() -> None:
    rows: Cells = [(f"C{number}", Decimal(number - 3)) for number in range(10)]
    picture = drawn(a_chart(top=3), rows)
    assert "C9 6,00; C8 5,00; C7 4,00; Diğerleri (7) 0,00." in picture.text
    others = bars_of(drawn(a_chart(top=3), [*rows, ("C10", Decimal(1))]))[-1]
    assert others.get("fill") == svg.OTHERS


def test_more_bars_than_anybody_reads_are_cut_down_by_themselves() -> None:
    rows: Cells = [(f"Customer number {number}", Decimal(number + 1)) for number in range(500)]
    assert len(bars_of(drawn(a_chart(), rows))) == 60
    assert "Diğerleri (441)" in drawn(a_chart(), rows).svg


def test_of_a_line_over_days_the_last_ones_are_kept() -> None:
    days: Cells = [(date(2026, 1, 1) + timedelta(n), Decimal(n)) for n in range(90)]
    chart = a_chart(ChartKind.LINE, top=30)
    picture = drawn(chart, days, Column("Müşteri", ColumnKind.DATE))
    assert picture.text.startswith("Bakiye · Müşteri: 02.03.2026 60,00;")


def test_time_goes_from_the_left_to_the_right_however_the_query_sorts_it() -> None:
    days: Cells = [(date(2026, 3, 31) - timedelta(n), Decimal(n)) for n in range(90)]
    chart, label = a_chart(ChartKind.LINE, top=30), Column("Müşteri", ColumnKind.DATE)
    assert drawn(chart, days, label).text.startswith("Bakiye · Müşteri: 02.03.2026 29,00;")
    bars = drawn(a_chart(), days[:3], label)
    assert bars.text.startswith("Bakiye · Müşteri: 29.03.2026 2,00; 30.03.2026 1,00;")


def test_labels_that_have_no_order_together_stay_as_they_come() -> None:
    mixed: Cells = [(date(2026, 3, 31), 1), ("?", 2), (None, 3)]
    picture = drawn(a_chart(ChartKind.LINE), mixed, Column("Müşteri", ColumnKind.DATE))
    assert "31.03.2026 1,00; ? 2,00; – 3,00." in picture.text


def test_a_line_over_names_keeps_their_order() -> None:
    months: Cells = [(name, Decimal(n % 3)) for n, name in enumerate(["Oca", "Şub", "Mar", "Nis"])]
    picture = drawn(a_chart(ChartKind.LINE, top=3), months)
    assert picture.text == "Bakiye · Müşteri: Şub 1,00; Mar 2,00; Nis 0,00."


def test_a_missing_number_is_a_gap_of_the_line() -> None:
    rows: Cells = [("a", 1), ("b", 2), ("c", None), ("d", 3), ("e", 4)]
    picture = drawn(a_chart(ChartKind.LINE), rows)
    tree = etree.fromstring(picture.svg.encode())
    assert len(list(tree.iter(f"{SPACE}path"))) == 2
    assert len(list(tree.iter(f"{SPACE}circle"))) == 4


@pytest.mark.parametrize("kind", list(ChartKind))
@pytest.mark.parametrize("columns", [1, 6])
@pytest.mark.parametrize(
    "labels",
    [
        [],
        ["tek"],
        ["Ankara", "İzmir", "Şırnak"],
        [f"Çok uzun bir müşteri adı A.Ş. {number}" for number in range(60)],
        ["<script>alert(1)</script>", "a\0b\x1b", "\ud83d", "\ufffe\uffff", "x" * 50_000, "", None],
        [b"\x00\xff", 1.5, True, date(1, 1, 1), Decimal("NaN"), [1]],
    ],
)
@pytest.mark.parametrize(
    "numbers",
    [
        [None],
        [Decimal(0)],
        [Decimal("1E+300"), Decimal("-1E+300"), Decimal("1E-300")],
        [Decimal("NaN"), Decimal("Infinity"), float("nan"), "word", True],
        [-5, 3, None, 0.1, 10**30],
    ],
)
def test_any_values_make_a_picture_within_its_bounds(
    kind: ChartKind, columns: int, labels: list[object], numbers: list[object]
) -> None:
    rows: Cells = [
        (label, *(numbers[(place + n) % len(numbers)] for n in range(columns)))
        for place, label in enumerate(labels)
    ]
    picture = drawn(a_chart(kind, columns), rows)
    assert "script>" not in picture.svg
    assert "nan" not in picture.svg
    for bar in bars_of(picture):
        x, y, width, height = (float(bar.get(name, "")) for name in ("x", "y", "width", "height"))
        assert x >= 0
        assert y >= 0
        assert x + width <= picture.width + 1
        assert y + height <= picture.height + 1


def test_the_picture_says_what_it_shows() -> None:
    picture = drawn(a_chart(title="Açık bakiye"), [("Ş", Decimal("1234.5")), ("İ", None)])
    tree = etree.fromstring(picture.svg.encode())
    assert (tree.get("role"), tree.findtext(f"{SPACE}title")) == ("img", "Açık bakiye")
    assert tree.findtext(f"{SPACE}desc") == "Ş 1.234,50; İ –."


@pytest.mark.parametrize(
    ("numbers", "ticks"),
    [
        (["0", "87"], "0 20 40 60 80 100"),
        (["-30", "55"], "-40 -20 0 20 40 60"),
        (["0.003"], "0.000 0.001 0.002 0.003"),
        (["0"], "0 1"),
        ([], "0 1"),
        (["1E+20"], "0 2E+19 4E+19 6E+19 8E+19 1E+20"),
    ],
)
def test_a_scale_counts_in_steps_that_people_count_in(numbers: list[str], ticks: str) -> None:
    found = scale_of([Decimal(number) for number in numbers]).ticks
    assert list(found) == [Decimal(tick) for tick in ticks.split()]


def test_each_colour_stands_out_from_the_paper() -> None:
    for colour in (*svg.SERIES, svg.OTHERS):
        assert contrast(colour) >= 3
    for colour in (svg.INK, svg.MUTED):
        assert contrast(colour) >= 4.5


def contrast(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


@pytest.mark.parametrize("values", [[], ["a", "a"], [""], list("abcdefg")])
def test_a_chart_has_one_to_six_columns_each_once(values: list[str]) -> None:
    with pytest.raises((Invalid, ValueError)):
        ChartSettings(label="x", values=values)


def test_a_column_that_is_missing_or_holds_no_numbers_is_told() -> None:
    taker = Gathering(a_chart(), Layout("x"))
    with pytest.raises(JobError, match="no column “Müşteri” for the chart"):
        taker.begin([AMOUNT])
    with pytest.raises(JobError, match="“Bakiye” cannot be drawn"):
        taker.begin([LABEL, Column("Bakiye", ColumnKind.TEXT)])
