"""LibreOffice opens a CSV file and a page of HTML as tables, with the values that we wrote."""

import shutil
import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tasks.reports.render import Format, Language, Layout
from tasks.reports.render.html.guarding import GUARD
from tasks.rows import Column, ColumnKind, Row
from tests.libreoffice.office import SECONDS
from tests.libreoffice.reading import by_calamine
from tests.unit.render.readers import a_file

COLUMNS = (
    Column("Müşteri", ColumnKind.TEXT),
    Column("Tutar", ColumnKind.DECIMAL, 2),
    Column("Vade", ColumnKind.DATE),
)
ROWS: list[Row] = [
    ("Çağrı & İğne <Ltd.>; ₺", Decimal("1234.50"), date(2026, 2, 1)),
    ("=1+1", Decimal("-0.25"), None),
    ("two\nlines", None, date(2026, 12, 31)),
]
LAYOUT = Layout("Satış", Language.TURKISH, totals=())
FILTERS = {Format.CSV: "CSV:59,34,76", Format.HTML: "HTML (StarCalc)"}


@pytest.mark.parametrize("format", FILTERS)
def test_each_value_has_its_cell(tmp_path: Path, format: Format) -> None:
    path = a_file(tmp_path, format, LAYOUT, *COLUMNS, rows=ROWS)
    (sheet,) = by_calamine(opened(path, FILTERS[format])).values()
    rows = [[str(value).replace("\n", " ") for value in row] for row in sheet]
    start = next(n for n, row in enumerate(rows) if row[:3] == ["Müşteri", "Tutar", "Vade"])
    guard = "'" if format is Format.CSV else GUARD
    assert [row[:3] for row in rows[start + 1 : start + 4]] == [
        ["Çağrı & İğne <Ltd.>; ₺", shown("1234,50", format), "01.02.2026"],
        [f"{guard}=1+1", "-0,25"],
        ["two lines", "", "31.12.2026"],
    ]


def shown(number: str, format: Format) -> str:
    """A page for people groups the thousands."""
    return number if format is Format.CSV else f"{number[0]}.{number[1:]}"


def opened(path: Path, reader: str) -> Path:
    """The file as LibreOffice saves it as a workbook, having read it by this filter."""
    program = shutil.which("soffice")
    assert program, "LibreOffice is missing. Run .ci/packages, or apt install libreoffice-calc."
    folder = path.parent / "xlsx"
    command = [program, f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"]
    command += ["--headless", "--norestore", f"--infilter={reader}"]
    command += ["--convert-to", "xlsx", "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
    return folder / f"{path.stem}.xlsx"
