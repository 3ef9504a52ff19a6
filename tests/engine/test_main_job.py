"""The main job by the command line: run, wait, and compare the file with the query's own result."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import load_workbook
from sqlalchemy import func, select

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.models import Run, TaskDefinition
from tasks.reports.binding import bind
from tasks.runs.transitions import request_cancel
from tasks.sources.duckdb import DuckDBSource
from tasks.stack.first_start import RECIPIENT, seed_demo
from tests.support.factories import a_task
from tests.support.mail import Mailbox
from tests.support.probe import CHECKOUT
from tests.support.stack import Processes

AS_OF = date(2026, 11, 20)
CENT = Decimal("0.01")


@pytest.fixture
def demo(home: Path, demo_company: Path, processes: Processes) -> Processes:
    """The tasks of the kit, and a worker."""
    shutil.copy(demo_company, home / "demo.duckdb")
    first = seed_demo()
    assert first is not None
    with transaction() as session:  # the tests make runs of their own
        request_cancel(session, first.id, actor="test", now=utcnow())
    processes.worker()
    return processes


def orchestrator(*arguments: str) -> tuple[int, Any, str]:
    """Call the command; return its exit code, its JSON if there is any, and what it complained."""
    done = subprocess.run(
        [sys.executable, "-m", "tasks.cli.main", *arguments, "--json"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr


def expected_rows(home: Path, slug: str, **values: object) -> tuple[list[str], list[Sequence[Any]]]:
    """Ask DuckDB itself for the columns and rows of a ready task."""
    with reading() as session:
        task = session.scalars(select(TaskDefinition).where(TaskDefinition.slug == slug)).one()
    sql, bound = bind(task.settings["sql"], values)
    with DuckDBSource(home / "demo.duckdb").query(sql, bound) as result:
        names = [column.name for column in result.columns]
        return names, [row for batch in result.batches() for row in batch]


def same(cell: object, value: object) -> bool:
    """Whether a cell of the file is the value: its type too, and money to the cent."""
    if isinstance(value, Decimal):
        return isinstance(cell, float | int) and abs(Decimal(str(cell)) - value) < CENT / 100
    if isinstance(value, int):
        return cell == value
    if value is None:
        return cell == ""
    return type(cell) is type(value) and cell == value


def test_the_workbook_holds_what_the_query_gives_and_the_mail_holds_the_workbook(
    demo: Processes, home: Path, mailbox: Mailbox
) -> None:
    code, shown, _ = orchestrator(
        "run", "overdue-receivables", "-p", f"as_of={AS_OF}", "-p", "minimum=0", "--wait"
    )
    assert (code, shown["state"]) == (0, "succeeded")
    [file] = shown["files"]
    names, rows = expected_rows(home, "overdue-receivables", as_of=AS_OF, minimum=Decimal(0))
    header, *cells, totals = (
        load_workbook(file["path"]).get_sheet_by_index(0).to_python(skip_empty_area=False)
    )
    assert header == names
    assert len(cells) == len(rows) == shown["rows"]
    assert len(rows) > 100
    wrong = [
        (cell, value)
        for line, row in zip(cells, rows, strict=True)
        for cell, value in zip(line, row, strict=True)
        if not same(cell, value)
    ]
    assert wrong == []
    assert same(totals[-1], sum(row[-1] for row in rows))
    assert all(str(line[0]).startswith("120.01.0") for line in cells)
    assert [one["state"] for one in shown["deliveries"]] == ["delivered"]
    [letter] = mailbox.letters
    [attached] = letter.iter_attachments()
    assert (letter["To"], attached.get_filename()) == (RECIPIENT, file["name"])
    assert attached.get_content() == Path(file["path"]).read_bytes()


def test_each_ready_task_runs(demo: Processes) -> None:
    for slug in ("open-sales-orders", "sales-by-person", "stock-below-minimum", "total-risk"):
        code, shown, _ = orchestrator("run", slug, "--wait")
        assert (code, shown["state"], shown["error"]) == (0, "succeeded", None)
        assert shown["rows"] > 10


def test_dates_are_dates_and_codes_keep_their_zeros(demo: Processes) -> None:
    sql = """SELECT '0042' AS "Code", "DocDate", "DocDueDate" FROM "OINV" LIMIT 5"""
    a_task("dates", settings={"sql": sql, "formats": ["xlsx", "csv"]})
    _, shown, _ = orchestrator("run", "dates", "--wait")
    sheet = load_workbook(shown["files"][0]["path"]).get_sheet_by_index(0).to_python()
    assert all(row[0] == "0042" and type(row[1]) is date for row in sheet[1:])
    lines = Path(shown["files"][1]["path"]).read_text("utf-8-sig").splitlines()
    assert lines[0] == "Code,DocDate,DocDueDate"
    assert lines[1].split(",")[0] == "0042"


def test_wrong_sql_exits_with_one_and_says_where(demo: Processes, mailbox: Mailbox) -> None:
    wrong = 'SELECT *\nFROM "OCRDD"'
    a_task("wrong", settings={"sql": wrong, "recipients": ["ayse@example.com"]})
    code, shown, _ = orchestrator("run", "wrong", "--wait")
    assert (code, shown["state"], shown["error_kind"]) == (1, "failed", "sql")
    assert shown["error"].startswith("Line 2, column 6")
    assert (shown["files"], shown["deliveries"], mailbox.letters) == ([], [], [])


def test_a_parameter_that_does_not_fit_exits_with_two_and_promises_nothing(
    demo: Processes,
) -> None:
    def number_of_runs() -> int | None:
        with reading() as session:
            return session.scalar(select(func.count()).select_from(Run))

    before = number_of_runs()
    for given, told in (
        ("as_off=2026-01-01", "no parameter “as_off”"),
        ("as_of=someday", "“someday” is not a date"),
        ("minimum=a lot", "“a lot” is not a number"),
    ):
        code, shown, complaint = orchestrator("run", "overdue-receivables", "-p", given, "--wait")
        assert (code, shown) == (2, None)
        assert told in complaint
    assert number_of_runs() == before


def test_a_source_that_cannot_be_reached_is_a_failure_with_its_kind(
    demo: Processes, home: Path
) -> None:
    with transaction() as session:
        for task in session.scalars(select(TaskDefinition)):
            task.max_attempts = 1
    (home / "demo.duckdb").unlink()
    code, shown, _ = orchestrator("run", "total-risk", "--wait")
    assert (code, shown["state"], shown["error_kind"]) == (1, "failed", "source_unreachable")
    assert "demo" in shown["error"]
