"""Every sort of workbook says the same in python-calamine, openpyxl and LibreOffice."""

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tests.libreoffice.office import convert
from tests.libreoffice.reading import by_calamine, by_openpyxl
from tests.libreoffice.samples import SAMPLES

NAMES = [sample.__name__ for sample in SAMPLES]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples as we write them, and in `xlsx` as LibreOffice calculates and saves them."""
    folder = tmp_path_factory.mktemp("samples")
    files = [folder / f"{sample.__name__}.xlsx" for sample in SAMPLES]
    for sample, file in zip(SAMPLES, files, strict=True):
        sample(file)
    convert(files, "xlsx", folder)
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_two_readers_of_the_file_agree(folder: Path, name: str) -> None:
    path = folder / f"{name}.xlsx"
    assert by_calamine(path) == by_openpyxl(path)


@pytest.mark.parametrize("name", NAMES)
def test_libreoffice_opens_the_file_and_its_formulas_give_what_is_stored(
    folder: Path, name: str
) -> None:
    ours, theirs = (
        by_calamine(folder / f"{name}.xlsx"),
        by_calamine(folder / "xlsx" / f"{name}.xlsx"),
    )
    assert ours == theirs


def test_what_is_stored_beside_a_formula_is_really_calculated_anew(tmp_path: Path) -> None:
    """Else the test before would compare what we wrote with itself."""
    book = Workbook()
    assert book.active is not None
    book.active.append([2, 3, "=SUBTOTAL(9,A1:B1)"])
    book.save(tmp_path / "sum.xlsx")
    assert by_calamine(tmp_path / "sum.xlsx")["Sheet"] == [[2, 3]]
    (made,) = convert([tmp_path / "sum.xlsx"], "xlsx", tmp_path)
    assert by_calamine(made)["Sheet"] == [[2, 3, 5]]


def test_no_text_of_a_report_becomes_a_formula(folder: Path) -> None:
    made = load_workbook(folder / "xlsx" / "extremes.xlsx").worksheets[0]
    texts = {"=1+1", "+1", "-1", "@SUM(A1)"}
    found = {cell.value: cell.data_type for row in made.iter_rows() for cell in row}
    assert {found.get(text) for text in texts} == {"s"}
