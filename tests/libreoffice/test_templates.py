"""LibreOffice opens templates that were filled, and calculates what they are made for."""

from datetime import datetime

import pytest

from tests.libreoffice.office import convert
from tests.libreoffice.reading import Sheets, by_calamine
from tests.unit.workbooks.samples import filled, with_headings, with_table


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sheets]:
    """What LibreOffice has made of each filled template, by its name."""
    folder = tmp_path_factory.mktemp("templates")
    files = [
        filled(folder / "table.xlsx", with_table()),
        filled(folder / "empty.xlsx", with_table(), []),
        filled(folder / "marker.xlsx", with_headings(marker=True)),
    ]
    return {file.stem: by_calamine(file) for file in convert(files, "xlsx", folder)}


def test_formulas_count_all_rows(opened: dict[str, Sheets]) -> None:
    front, data = opened["table"]["Dashboard"], opened["table"]["My Data"]
    assert [row[1] for row in front[4:8]] == [7_800, 7_800, 7_800, 12]
    assert [row[3] for row in data[3:6]] == [20, 40, 60]
    assert data[15] == ["Total", "", 7_800]
    assert data[18] == ["Below", "", 15_600]


def test_named_cells_are_what_they_are(opened: dict[str, Sheets]) -> None:
    front = opened["table"]["Dashboard"]
    assert [row[0] for row in front[:3]] == [
        "Aylık satış – Çorum",
        datetime(2026, 11, 1),
        "Company: A & B",
    ]


def test_without_rows_sums_are_nothing(opened: dict[str, Sheets]) -> None:
    front, data = opened["empty"]["Dashboard"], opened["empty"]["My Data"]
    assert [row[1] for row in front[4:8]] == [0, 0, 0, 0]
    assert data[4][:3] == ["Total", "", 0]


def test_formulas_beside_placeholders_stand_in_each_row(opened: dict[str, Sheets]) -> None:
    rows = opened["marker"]["Liste"]
    assert [row[3] for row in rows[3:15]] == [200 * n for n in range(1, 13)]
    assert rows[16][0] == 7_800
