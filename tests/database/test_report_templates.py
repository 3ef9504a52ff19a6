"""Runs of a report that fills somebody's own workbook."""

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tasks.db import transaction
from tasks.errors import ErrorKind
from tasks.reports.workbooks.kept import add_template, template_named
from tasks.runs.files import artifact_path
from tests.support.reported import FIRST, a_report, failed, files, made, the_table
from tests.unit.workbooks.samples import with_headings

SQL = 'SELECT "CODE" AS "Code", "NAME" AS "Customer", "BALANCE" AS "Net" FROM "T" ORDER BY 1'


@pytest.fixture
def template(database: str, home: Path) -> bytes:
    the_table(home, FIRST)
    content = with_headings(marker=True)
    with transaction() as session:
        add_template(session, title="Liste", slug="", content=content, changed_by="ayse")
    return content


def test_a_run_fills_the_template_that_its_task_names(template: bytes) -> None:
    task = a_report(sql=SQL, formats=["xlsx", "csv"], template="liste")
    workbook, csv = files(made(task))
    sheet = openpyxl.load_workbook(artifact_path(workbook))["Liste"]
    rows = [[cell.value for cell in row[1:4]] for row in sheet["A5:D6"]]
    assert rows == [[1, "Ayşe", 10], [2, "Bora", 20]]
    assert sheet["B2"].value == "Customers"
    assert sheet["B8"].value == "=SUM(D5:D6)"
    assert csv.name.endswith(".csv")


def test_each_part_of_a_split_report_fills_it_with_its_own_rows(template: bytes) -> None:
    lines = ["Ayşe = ayse@example.com", "Bora = bora@example.com"]
    burst = {"column": "Customer", "address_from": "lines", "lines": lines}
    task = a_report(sql=SQL, formats=["xlsx"], template="liste", burst=burst)
    parts = [one for one in files(made(task)) if one.part == "Ayşe"]
    sheet = openpyxl.load_workbook(artifact_path(parts[0]))["Liste"]
    assert [cell.value for cell in sheet[5]][1:4] == [1, "Ayşe", Decimal(10)]
    assert sheet["B7"].value == "=SUM(D5:D5)"


def test_a_template_that_is_gone_is_told(template: bytes) -> None:
    task = a_report(sql=SQL, formats=["xlsx"], template="liste")
    with transaction() as session:
        found = template_named(session, "liste")
        session.delete(found)
    run = failed(task)
    assert run.error is not None
    assert "The workbook template “liste” is no longer there" in run.error
    assert run.error_kind is ErrorKind.RENDER


def test_a_query_that_lacks_a_column_is_told(template: bytes) -> None:
    task = a_report(sql='SELECT "CODE" AS "Code" FROM "T"', formats=["xlsx"], template="liste")
    run = failed(task)
    assert "wants columns that the query does not give: Customer, Net" in (run.error or "")
    assert run.error_kind is ErrorKind.SQL
