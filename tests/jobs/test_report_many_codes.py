"""All of many choices: the workbook opens, and neither it nor the mail and the log lists them."""

import logging
from pathlib import Path

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from tasks.jobs.registry import find_job
from tests.support.factories import a_source
from tests.support.jobs import a_context

CODES = {
    "name": "codes",
    "type": "multi_choice_sql",
    "label": "Customers",
    "required": False,
    "sql": 'SELECT "Code" FROM "T" ORDER BY "Code"',
}
COUNT = 2_500


@pytest.mark.parametrize(
    ("language", "sheet", "told"),
    [("en", "About", "… and 2,470 more"), ("tr", "Bilgi", "… ve 2.470 tane daha")],
)
def test_all_of_many_codes_are_read_and_a_few_are_told(
    sqlite_database: str,
    home: Path,
    caplog: pytest.LogCaptureFixture,
    language: str,
    sheet: str,
    told: str,
) -> None:
    with duckdb.connect(home / "demo.duckdb") as company:
        company.execute("CREATE SCHEMA SBODEMOTR")
        company.execute(
            """CREATE TABLE SBODEMOTR."T" AS SELECT 'CUSTOMER-' || lpad(range::TEXT, 6, '0')
            AS "Code" FROM range(?)""",
            [COUNT],
        )
    a_source()
    context = a_context(
        home / "made",
        settings={
            "source": "demo",
            "sql": 'SELECT "Code" FROM "T" WHERE "Code" IN (:codes)',
            "recipients": ["ayse@example.com"],
            "language": language,
            "text": "{parameters}",
        },
        parameter_definitions=[CODES],
        parameters={"codes": None},
    )
    with caplog.at_level(logging.INFO):
        made = find_job("report").perform(context)
    assert made.rows == COUNT
    (line,) = [
        row
        for row in CalamineWorkbook.from_path(made.files[0].path)
        .get_sheet_by_name(sheet)
        .to_python()
        if row[0] == "Customers"
    ]
    assert str(line[1]).endswith(f"CUSTOMER-000029 {told}")
    assert made.letters[0].body.endswith(f"CUSTOMER-000029 {told}")
    (logged,) = [one for one in caplog.records if one.message == "parameters resolved"]
    assert vars(logged)["parameters"].endswith("CUSTOMER-000029 … and 2,470 more")
