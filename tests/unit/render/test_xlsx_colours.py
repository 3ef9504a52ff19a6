"""Rules of colour as conditional formatting, and a palette that can be read."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tasks.errors import Invalid
from tasks.reports.render import Layout
from tasks.reports.render.looks import Colour, ColourRule, Operator, TableLooks
from tasks.reports.render.xlsx.colours import formula
from tasks.reports.render.xlsx.styles import COLOURS
from tasks.rows import Column, ColumnKind, Row
from tests.unit.render.files import a_workbook, sheet_of

COLUMNS = (Column("Code", ColumnKind.TEXT), Column("Amount", ColumnKind.DECIMAL, 2))
ROWS: list[Row] = [("a", Decimal(-1)), ("b", Decimal(2))]


def a_rule(operator: Operator, value: str = "", upper: str = "", column: str = "C") -> ColourRule:
    return ColourRule(column, operator, Colour.RED, value, upper)


@pytest.mark.parametrize(
    ("kind", "rule", "wanted"),
    [
        (ColumnKind.DECIMAL, a_rule(Operator.LESS, "0"), "AND(ISNUMBER($C2),$C2<0)"),
        (ColumnKind.DECIMAL, a_rule(Operator.LESS, "1.000,50"), "AND(ISNUMBER($C2),$C2<1000.50)"),
        (ColumnKind.DECIMAL, a_rule(Operator.LESS, "12,3450"), "AND(ISNUMBER($C2),$C2<12.3450)"),
        (ColumnKind.INTEGER, a_rule(Operator.MORE, "-1,5"), "AND(ISNUMBER($C2),$C2>-1.5)"),
        (ColumnKind.FLOAT, a_rule(Operator.EQUAL, "3"), "AND(ISNUMBER($C2),$C2=3)"),
        (ColumnKind.FLOAT, a_rule(Operator.EQUAL, "0.125"), "AND(ISNUMBER($C2),$C2=0.125)"),
        (
            ColumnKind.DECIMAL,
            a_rule(Operator.BETWEEN, "1", "2"),
            "AND(ISNUMBER($C2),$C2>=1,$C2<=2)",
        ),
        (
            ColumnKind.DATE,
            a_rule(Operator.LESS, "today"),
            "AND(ISNUMBER($C2),INT($C2)<TODAY())",
        ),
        (
            ColumnKind.DATETIME,
            a_rule(Operator.MORE, "31.01.2026"),
            f"AND(ISNUMBER($C2),INT($C2)>{date(2026, 1, 31).toordinal() - 693594})",
        ),
        (ColumnKind.TEXT, a_rule(Operator.EQUAL, 'a"b'), '$C2="a""b"'),
        (ColumnKind.TEXT, a_rule(Operator.CONTAINS, "5*?~"), 'ISNUMBER(SEARCH("5~*~?~~",$C2))'),
        (ColumnKind.TEXT, a_rule(Operator.EMPTY), "LEN(TRIM($C2))=0"),
        (ColumnKind.BOOLEAN, a_rule(Operator.EQUAL, "Evet"), "$C2=TRUE"),
    ],
)
def test_a_rule_is_a_formula_of_its_column(kind: ColumnKind, rule: ColourRule, wanted: str) -> None:
    assert formula(rule, kind, "$C2") == wanted


@pytest.mark.parametrize(
    ("kind", "rule", "why"),
    [
        (ColumnKind.DECIMAL, a_rule(Operator.LESS, "1.500"), r"Write 1500 or 1\.5000\."),
        (ColumnKind.DECIMAL, a_rule(Operator.EQUAL, "-12,500"), r"Write -12500 or -12\.5000\."),
        (ColumnKind.DECIMAL, a_rule(Operator.LESS, "1" * 16), "no number"),
        (ColumnKind.DECIMAL, a_rule(Operator.LESS, "0." + "1" * 11), "no number"),
        (ColumnKind.DECIMAL, a_rule(Operator.LESS, '1)+HYPERLINK("x"'), "no number"),
        (ColumnKind.DECIMAL, a_rule(Operator.BETWEEN, "1", ""), "no number"),
        (ColumnKind.DATE, a_rule(Operator.LESS, "31.02.2026"), "no day"),
        (ColumnKind.TEXT, a_rule(Operator.LESS, "a"), "neither numbers nor days"),
        (ColumnKind.BOOLEAN, a_rule(Operator.EQUAL, "maybe"), "true or false"),
    ],
)
def test_a_value_that_does_not_fit_its_column_is_refused(
    kind: ColumnKind, rule: ColourRule, why: str
) -> None:
    with pytest.raises(Invalid, match=why):
        formula(rule, kind, "$C2")


def test_the_rules_cover_the_rows_and_not_the_total(tmp_path: Path) -> None:
    less = ColourRule("Amount", Operator.LESS, Colour.RED, "0", whole_row=True)
    empty = ColourRule("Code", Operator.EMPTY, Colour.GREY)
    gone = ColourRule("Nobody", Operator.EMPTY, Colour.BLUE)
    looks = TableLooks(rules=(less, gone, empty))
    sheet = sheet_of(a_workbook(tmp_path, COLUMNS, ROWS, layout=Layout("R", looks=looks)))
    found = {str(area.sqref): area.rules[0] for area in sheet.conditional_formatting}
    assert list(found) == ["A2:B3", "A2:A3"]
    assert found["A2:B3"].formula == ["AND(ISNUMBER($B2),$B2<0)"]
    assert found["A2:B3"].dxf.fill.bgColor.rgb == COLOURS[Colour.RED][0]


def test_the_rules_leave_the_sums_of_groups_as_they_are(tmp_path: Path) -> None:
    looks = TableLooks(
        groups=("Code",), rules=(ColourRule("Amount", Operator.EMPTY, Colour.RED, whole_row=True),)
    )
    sheet = sheet_of(a_workbook(tmp_path, COLUMNS, ROWS, layout=Layout("R", looks=looks)))
    (area,) = sheet.conditional_formatting
    assert area.rules[0].formula == ['AND(RIGHT($A2,8)<>" – Total",LEN(TRIM($B2))=0)']


def test_an_empty_result_has_no_rules(tmp_path: Path) -> None:
    looks = TableLooks(rules=(ColourRule("Code", Operator.EMPTY, Colour.RED),))
    sheet = sheet_of(a_workbook(tmp_path, COLUMNS, layout=Layout("R", looks=looks)))
    assert not list(sheet.conditional_formatting)


@pytest.mark.parametrize("colour", Colour)
def test_letters_can_be_read_on_every_colour(colour: Colour) -> None:
    fill, letters = map(luminance, COLOURS[colour])
    assert (fill + 0.05) / (letters + 0.05) >= 4.5


def luminance(argb: str) -> float:
    """As WCAG 2 defines it."""
    parts = [int(argb[n : n + 2], 16) / 255 for n in (2, 4, 6)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
