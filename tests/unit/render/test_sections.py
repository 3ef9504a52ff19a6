"""Several results in one file: a sheet for each in a workbook, a column more in CSV."""

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from tasks.errors import ErrorKind, JobError
from tasks.reports.render import Format, Layout, Section, open_sections
from tasks.reports.render.looks import Colour, ColourRule, Operator, TableLooks
from tasks.reports.render.xlsx import XlsxRenderer
from tasks.rows import Column, ColumnKind, Row
from tests.unit.render.files import A_LAYOUT, book_of, values_of

CODE, AMOUNT = Column("Code", ColumnKind.TEXT), Column("Amount", ColumnKind.DECIMAL, 2)
COLUMNS = (CODE, AMOUNT)
ROWS: list[Row] = [("a", Decimal("1.50")), ("=b", Decimal("2.00"))]


def a_section(name: str) -> Section:
    return Section(name, "Company")


def a_file(
    folder: Path,
    *sections: tuple[str, Sequence[Column], Sequence[Row]],
    format: Format = Format.XLSX,
    layout: Layout = A_LAYOUT,
) -> Path:
    path = folder / f"report{format.suffix}"
    (first, columns, rows), *others = sections
    with open_sections(format, path, a_section(first), columns, layout) as renderer:
        renderer.write(rows)
        for name, columns, rows in others:
            renderer.next_section(a_section(name), columns)
            renderer.write(rows)
    return path


def test_each_section_is_a_sheet_with_its_own_rows_and_its_own_total(tmp_path: Path) -> None:
    path = a_file(tmp_path, ("TR", COLUMNS, ROWS), ("DE", COLUMNS, ROWS[:1]))
    book = book_of(path)
    assert book.sheetnames == ["TR", "DE"]
    assert values_of(path, 0) == [["Code", "Amount"], ["a", 1.5], ["=b", 2], ["Total", 3.5]]
    assert values_of(path, 1) == [["Code", "Amount"], ["a", 1.5], ["Total", 1.5]]
    assert [sheet.auto_filter.ref for sheet in book.worksheets] == ["A1:B3", "A1:B2"]
    assert book.worksheets[1]["B3"].value == "=SUBTOTAL(109,B2:B2)"


def test_sections_may_have_other_columns(tmp_path: Path) -> None:
    path = a_file(tmp_path, ("Open", COLUMNS, ROWS), ("Late", [CODE], [("x",)]))
    assert values_of(path, 1) == [["Code"], ["x"]]


def test_a_section_without_rows_keeps_its_sheet_and_its_header(tmp_path: Path) -> None:
    path = a_file(tmp_path, ("A", COLUMNS, []), ("B", COLUMNS, ROWS), ("C", COLUMNS, []))
    assert book_of(path).sheetnames == ["A", "B", "C"]
    assert [len(values_of(path, n)) for n in range(3)] == [1, 4, 1]


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["TR", "tr", "TR (2)"], ["TR", "tr (2)", "TR (2) (2)"]),
        (["A/B", "A:B", "[A*B]"], ["A B", "A B (2)", "A B (3)"]),
        (["x" * 40, "x" * 41], ["x" * 31, "x" * 27 + " (2)"]),
        (["History", "'quoted'", "?"], ["History ", "quoted", "Report"]),
        (["ŞİRKET", "Ürün & Co"], ["ŞİRKET", "Ürün & Co"]),
    ],
)
def test_the_name_of_a_sheet_is_valid_and_no_other_has_it(
    tmp_path: Path, names: list[str], wanted: list[str]
) -> None:
    path = a_file(tmp_path, *[(name, COLUMNS, ROWS) for name in names])
    assert book_of(path).sheetnames == wanted


def test_a_section_that_fills_a_sheet_goes_on_before_the_next_begins(tmp_path: Path) -> None:
    path, rows = tmp_path / "report.xlsx", [(str(n), Decimal(1)) for n in range(15)]
    with XlsxRenderer(path, COLUMNS, A_LAYOUT, section=a_section("TR"), max_rows=12) as renderer:
        renderer.write(rows)
        renderer.next_section(a_section("DE"), COLUMNS)
        renderer.write(rows[:2])
    assert book_of(path).sheetnames == ["TR", "TR (2)", "DE"]
    assert book_of(path).worksheets[1]["B9"].value == "=SUBTOTAL(109,'TR'!B2:B11,B4:B8)"
    assert book_of(path).worksheets[2]["B4"].value == "=SUBTOTAL(109,B2:B3)"


def test_csv_tells_the_section_in_its_first_column(tmp_path: Path) -> None:
    path = a_file(tmp_path, ("TR", COLUMNS, ROWS), ("-DE", COLUMNS, ROWS[:1]), format=Format.CSV)
    assert path.read_text("utf-8-sig").splitlines() == [
        "Company,Code,Amount",
        "TR,a,1.50",
        "TR,'=b,2.00",
        "'-DE,a,1.50",
    ]


def test_csv_refuses_sections_whose_columns_differ(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="Late has other columns than Open") as refused:
        a_file(tmp_path, ("Open", COLUMNS, []), ("Late", [CODE], []), format=Format.CSV)
    assert refused.value.kind is ErrorKind.RENDER
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format", Format)
def test_an_error_in_a_later_section_leaves_no_file(tmp_path: Path, format: Format) -> None:
    with pytest.raises(ValueError, match=r"\d values for"):
        a_file(tmp_path, ("A", COLUMNS, ROWS), ("B", COLUMNS, [("short",)]), format=format)
    with pytest.raises(JobError, match="no columns"):
        a_file(tmp_path, ("A", [], []), format=format)
    assert list(tmp_path.iterdir()) == []


def test_the_same_sections_give_the_same_bytes(tmp_path: Path) -> None:
    digests = set()
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        path = a_file(folder, ("TR", COLUMNS, ROWS), ("DE", COLUMNS, ROWS))
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1


@pytest.mark.parametrize("format", [Format.XLSX, Format.PDF, Format.HTML])
def test_only_the_first_query_is_grouped_and_coloured(tmp_path: Path, format: Format) -> None:
    looks = TableLooks(
        groups=("Code",), rules=(ColourRule("Amount", Operator.LESS, Colour.RED, "0"),)
    )
    layout, path = Layout("R", looks=looks), tmp_path / f"report{format.suffix}"
    texts = [CODE, Column("Amount", ColumnKind.TEXT), Column("Sum", ColumnKind.DECIMAL, 2)]
    with open_sections(format, path, a_section("TR"), COLUMNS, layout) as renderer:
        renderer.write(ROWS)
        renderer.next_section(Section("Unsorted", "", further=True), texts)
        renderer.write([("a", "x", 1), ("b", "y", 2), ("a", "z", 3)])
    if format is Format.XLSX:
        assert [row[0] for row in values_of(path, 1)] == ["Code", "a", "b", "a", "Total"]
