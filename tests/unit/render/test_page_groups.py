"""Subtotals below groups of sorted rows, on the pages of a PDF and of HTML."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tasks.errors import JobError
from tasks.reports.render import Format, Language, Layout, Section, open_sections
from tasks.reports.render.html.guarding import GUARD
from tasks.reports.render.looks import TableLooks
from tasks.rows import Column, ColumnKind, Row
from tests.unit.render.readers import a_file, html_tables, pdf_pages

COLUMNS = (
    Column("Region", ColumnKind.TEXT),
    Column("Customer", ColumnKind.TEXT),
    Column("Amount", ColumnKind.DECIMAL, 2),
)
ROWS: list[Row] = [
    ("East", "a", Decimal("1.10")),
    ("East", "a", Decimal("2.20")),
    ("East", "b", Decimal("0.05")),
    ("West", "a", Decimal("4.00")),
]
PAGES = pytest.mark.parametrize("format", [Format.HTML, Format.PDF])


def by(*names: str, language: Language = Language.ENGLISH, pdf_max_rows: int = 5_000) -> Layout:
    return Layout("R", language, looks=TableLooks(groups=names), pdf_max_rows=pdf_max_rows)


def lines_of(path: Path) -> list[str]:
    """The rows of all tables, each as its texts with a space between them."""
    if path.suffix == ".pdf":
        return "\n".join(pdf_pages(path)).splitlines()
    return [" ".join(filter(None, row)) for table in html_tables(path) for row in table]


def between(lines: list[str], first: str, last: str) -> list[str]:
    return lines[lines.index(first) : lines.index(last) + 1]


@PAGES
def test_a_group_ends_in_its_exact_sum_and_the_total_counts_nothing_twice(
    tmp_path: Path, format: Format
) -> None:
    lines = lines_of(a_file(tmp_path, format, by("Region", "Customer"), *COLUMNS, rows=ROWS))
    assert between(lines, "East a 1.10", "Total 7.35") == [
        "East a 1.10",
        "East a 2.20",
        "a – Total 3.30",
        "East b 0.05",
        "b – Total 0.05",
        "East – Total 3.35",
        "West a 4.00",
        "a – Total 4.00",
        "West – Total 4.00",
        "Total 7.35",
    ]


@PAGES
def test_groups_go_on_over_batches_and_pages(tmp_path: Path, format: Format) -> None:
    rows: list[Row] = [(f"{n // 7:04}", "x", Decimal("0.01")) for n in range(2_996)]
    path = tmp_path / f"report{format.suffix}"
    with open_sections(format, path, Section("TR", ""), COLUMNS, by("Region")) as renderer:
        for start, end in ((0, 1), (1, 1_234), (1_234, 2_996)):
            renderer.write(rows[start:end])
        renderer.next_section(Section("DE", ""), COLUMNS)
        renderer.write(rows[:7])
    lines = lines_of(path)
    sums = [line for line in lines if " – Total" in line]
    assert sums == [f"{n:04} – Total 0.07" for n in [*range(428), 0]]
    assert [line for line in lines if line.startswith("Total")] == ["Total 29.96", "Total 0.07"]


@PAGES
def test_rows_that_are_not_sorted_fail_in_words_and_leave_no_file(
    tmp_path: Path, format: Format
) -> None:
    with pytest.raises(JobError, match="not sorted by “Region”: “East” comes again"):
        a_file(tmp_path, format, by("Region"), *COLUMNS, rows=[*ROWS, ROWS[0]])
    assert list(tmp_path.iterdir()) == []


@PAGES
def test_a_group_is_called_as_its_rows_are_shown(tmp_path: Path, format: Format) -> None:
    columns = (Column("Gün", ColumnKind.DATE), Column("Tutar", ColumnKind.DECIMAL, 2))
    rows: list[Row] = [(None, Decimal(1)), (date(2026, 1, 31), Decimal("1234.5"))]
    layout = by("Gün", language=Language.TURKISH)
    lines = lines_of(a_file(tmp_path, format, layout, *columns, rows=rows))
    assert between(lines, "(boş) – Toplam 1,00", "Toplam 1.235,50") == [
        "(boş) – Toplam 1,00",
        "31.01.2026 1.234,50",
        "31.01.2026 – Toplam 1.234,50",
        "Toplam 1.235,50",
    ]


def test_the_name_of_a_group_is_no_formula_and_a_sum_below_zero_stays_a_number(
    tmp_path: Path,
) -> None:
    rows: list[Row] = [("=1+1", "<b>", Decimal(-1))]
    (table,) = html_tables(a_file(tmp_path, Format.HTML, by("Region"), *COLUMNS, rows=rows))
    assert table[2:] == [[f"{GUARD}=1+1 – Total", "-1.00"], ["Total", "-1.00"]]


def test_pages_show_the_sums_of_whole_groups_only_and_the_total_of_all_rows(
    tmp_path: Path,
) -> None:
    for shown, wanted in ((2, []), (3, ["East – Total 3.35"])):
        layout = by("Region", pdf_max_rows=shown)
        lines = lines_of(a_file(tmp_path, Format.PDF, layout, *COLUMNS, rows=ROWS))
        assert [line for line in lines if " – Total" in line] == wanted
        assert "Total 7.35" in lines
