"""Which columns of a report get a sum is what its author says."""

from pathlib import Path

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from tasks.errors import ErrorKind, JobError
from tasks.jobs.registry import find_job
from tests.support.factories import a_source
from tests.support.jobs import a_context

SETTINGS = {"source": "demo", "sql": 'SELECT "Code", "Amount", "Count" FROM "T" ORDER BY "Code"'}


@pytest.fixture(autouse=True)
def amounts(sqlite_database: str, home: Path) -> None:
    with duckdb.connect(home / "demo.duckdb") as company:
        company.execute("CREATE SCHEMA SBODEMOTR")
        company.execute(
            """CREATE TABLE SBODEMOTR."T" ("Code" VARCHAR, "Amount" DECIMAL(19, 2), "Count" INT);
            INSERT INTO SBODEMOTR."T" VALUES ('a', 1.25, 3), ('b', 2.5, 4)"""
        )
    a_source()


def last_row(home: Path, **settings: object) -> list[object]:
    context = a_context(home / "made", settings=SETTINGS | settings)
    path = find_job("report").perform(context).files[0].path
    return list(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[-1])


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        (None, ["Total", 3.75, ""]),
        ([], ["b", 2.5, 4]),
        (["Count"], ["Total", "", 7]),
        (["Count", "Amount", "Count"], ["Total", 3.75, 7]),
    ],
)
def test_the_totals_are_of_the_columns_that_were_named(
    home: Path, totals: list[str] | None, expected: list[object]
) -> None:
    assert last_row(home, totals=totals) == expected


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("amount", "There is no column “amount” to add up. The query gives: Code, Amount, Count."),
        ("Code", "The column “Code” cannot be added up: it holds no numbers."),
    ],
)
def test_a_column_that_cannot_be_added_up_is_told_of_and_no_file_is_made(
    home: Path, name: str, told: str
) -> None:
    context = a_context(home / "made", settings=SETTINGS | {"totals": ["Amount", name]})
    with pytest.raises(JobError) as refused:
        find_job("report").perform(context)
    assert refused.value.message.startswith(told)
    assert (refused.value.kind, refused.value.transient) == (ErrorKind.SQL, False)
    assert not (home / "made").exists() or list((home / "made").iterdir()) == []
