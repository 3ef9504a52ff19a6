"""JSON for programs: the whole report, valid however many rows and batches there are."""

from decimal import Decimal
from pathlib import Path

import pytest

from tasks.reports.render import Format, Language, Layout, Section, open_renderer, open_sections
from tasks.reports.render.json import JsonRenderer
from tasks.rows import Column, ColumnKind, Row
from tests.unit.render.readers import json_told

COLUMNS = (Column("Kod", ColumnKind.TEXT), Column("Tutar", ColumnKind.DECIMAL, 2))
LAYOUT = Layout("Satış", Language.TURKISH, about=(("Kaynak", "SAP"),))
TOLD_COLUMNS = [
    {"name": "Kod", "kind": "text", "scale": None},
    {"name": "Tutar", "kind": "decimal", "scale": 2},
]


@pytest.mark.parametrize("batches", [[], [0], [3], [1, 0, 2], [0, 1]])
def test_a_report_tells_what_it_is_with_its_rows(tmp_path: Path, batches: list[int]) -> None:
    row: Row = ("a", Decimal("1.50"))
    path = tmp_path / "report.json"
    with open_renderer(Format.JSON, path, COLUMNS, LAYOUT) as renderer:
        for count in batches:
            renderer.write([row] * count)
    assert json_told(path) == {
        "title": "Satış",
        "language": "tr",
        "about": [{"name": "Kaynak", "value": "SAP"}],
        "columns": TOLD_COLUMNS,
        "rows": [["a", "1.50"]] * sum(batches),
        "row_count": sum(batches),
    }


def test_sections_have_columns_and_rows_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    with open_sections(Format.JSON, path, Section("TR", "Şirket"), COLUMNS, LAYOUT) as renderer:
        renderer.write([("a", None)])
        renderer.next_section(Section("DE", "Şirket"), COLUMNS[:1])
        renderer.next_section(Section("US", "Şirket"), COLUMNS[:1])
        renderer.write([("b",), ("c",)])
    told = json_told(path)
    assert told["row_count"] == 3
    assert [(one["name"], one["kind"], one["rows"], one["row_count"])
            for one in told["sections"]] == [
        ("TR", "Şirket", [["a", None]], 1),
        ("DE", "Şirket", [], 0),
        ("US", "Şirket", [["b"], ["c"]], 2),
    ]  # fmt: skip


def test_tables_beside_the_results_stand_after_them_and_are_not_counted(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    for section in (None, Section("TR", "Şirket")):
        with JsonRenderer(path, COLUMNS, LAYOUT, section=section) as renderer:
            renderer.write([("a", None)])
            renderer.add_sheet("Yeni", COLUMNS[:1], iter([("x",)] * 6_000))
            renderer.add_sheet("Eksik", COLUMNS[1:], [])
        told = json_told(path)
        assert told["row_count"] == 1
        assert [(one["name"], one["rows"], one["row_count"]) for one in told["sheets"]] == [
            ("Yeni", [["x"]] * 6_000, 6_000),
            ("Eksik", [], 0),
        ]


def test_rows_stand_on_lines_of_their_own_batch(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    with open_renderer(Format.JSON, path, COLUMNS, LAYOUT) as renderer:
        renderer.write([("a", None)])
        renderer.write([("b", None)])
    lines = path.read_text().splitlines()
    assert lines[1:] == ['["a",null],', '["b",null]', '],"row_count":2}']
