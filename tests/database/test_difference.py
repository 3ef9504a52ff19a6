"""The difference of a run to the last delivered one: kept, told, and on sheets of its workbook."""

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tasks.models import ArtifactRole, Run
from tasks.settings import settings
from tests.support.reported import FIRST, a_report, deliveries, failed, files, made, the_table

DIFFERENCE = {"keys": ["CODE"]}


@pytest.fixture(autouse=True)
def _a_table(database: str, home: Path) -> None:
    the_table(home, FIRST)


def book(run: Run) -> CalamineWorkbook:
    (file,) = files(run)
    return CalamineWorkbook.from_path(str(settings().artifacts_dir / file.path))


def rows_of(run: Run, sheet: str) -> list[list[object]]:
    return [list(row) for row in book(run).get_sheet_by_name(sheet).to_python()]


def test_new_gone_and_changed_rows_have_sheets(home: Path) -> None:
    task = a_report(formats=["xlsx"], difference=DIFFERENCE)
    made(task)
    the_table(home, [(2, "Bora", "21.50"), (3, "Can", "30.00")])
    run = made(task)
    assert rows_of(run, "New") == [["CODE", "NAME", "BALANCE"], [3.0, "Can", 30.0]]
    assert rows_of(run, "Gone") == [["CODE", "NAME", "BALANCE"], [1.0, "Ayşe", 10.0]]
    assert rows_of(run, "Changed") == [
        ["CODE", "Column", "Before", "Now"],
        [2.0, "BALANCE", 20.0, 21.5],
    ]


def test_the_first_run_has_no_sheets_of_a_difference() -> None:
    run = made(a_report(formats=["xlsx"], difference=DIFFERENCE))
    assert not {"New", "Gone", "Changed"} & set(book(run).sheet_names)


def test_the_sheets_are_in_the_language_of_the_report(home: Path) -> None:
    task = a_report(formats=["xlsx"], language="tr", difference=DIFFERENCE)
    made(task)
    assert {"Yeni", "Artık olmayan", "Değişen"} <= set(book(made(task)).sheet_names)


def test_the_mail_can_say_it(home: Path) -> None:
    text = "{{ title }}\n{{ difference }}"
    task = a_report(difference=DIFFERENCE | {"as_sheet": False}, text=text)
    first = made(task)
    the_table(home, [(2, "Bora", "21.50"), (3, "Can", "30.00")])
    (delivery,) = deliveries(made(task))
    assert delivery.body.split("\n")[1:4] == [
        f"Difference to run {first.id}:",
        "New rows: 1, gone: 1, changed: 1.",
        "BALANCE: 30.00 → 51.50",
    ]


def test_the_difference_is_to_the_last_run_that_arrived(home: Path) -> None:
    task = a_report(difference=DIFFERENCE, text="{{ difference }}")
    first = made(task)
    the_table(home, [*FIRST, (3, "Can", "30.00")])
    made(task, arrived=False)
    (delivery,) = deliveries(made(task))
    assert delivery.body.startswith(f"Difference to run {first.id}:\nNew rows: 1, gone: 0")


def test_rows_are_kept_and_not_sent() -> None:
    run = made(a_report(difference=DIFFERENCE))
    (kept,) = files(run, ArtifactRole.ROWS)
    assert (kept.name, kept.rows) == ("rows.parquet", 2)
    assert len(files(run)) == 1


def test_a_report_that_asks_for_neither_keeps_no_rows() -> None:
    assert files(made(a_report()), ArtifactRole.ROWS) == []


def test_a_key_column_that_is_not_there_is_said_before_the_rows_come() -> None:
    run = failed(a_report(difference={"keys": ["ID"]}))
    assert "no column “ID”" in (run.error or "")
    assert files(run, ArtifactRole.ROWS) == []
