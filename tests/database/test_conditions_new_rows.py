"""Only new rows: those whose key the last delivered run did not have."""

import csv
from pathlib import Path

import pytest

from tasks.errors import ErrorKind
from tasks.models import ArtifactRole, Run
from tasks.settings import settings
from tests.support.reported import (
    FIRST,
    TableRow,
    a_report,
    failed,
    files,
    made,
    result,
    the_table,
    was_sent,
)

NEW = {"kind": "new_rows", "keys": ["CODE"]}


@pytest.fixture(autouse=True)
def _a_table(database: str, home: Path) -> None:
    the_table(home, FIRST)


def names_in(run: Run) -> list[str]:
    """The names in the run's file."""
    (file,) = files(run)
    path = settings().artifacts_dir / file.path
    with path.open(encoding="utf-8-sig", newline="") as text:
        return [row["NAME"] for row in csv.DictReader(text)]


def test_the_first_run_sends_all_rows_and_the_next_one_the_new_ones(home: Path) -> None:
    task = a_report(condition=NEW)
    first = made(task)
    the_table(home, [*FIRST, (3, "Can", "30.00"), (4, "Deniz", "5.00")])
    second = made(task)
    assert names_in(first) == ["Ayşe", "Bora"]
    assert names_in(second) == ["Can", "Deniz"]
    assert (second.rows, result(second).rows) == (2, 2)
    assert result(second).figures["BALANCE"]["total"] == "35.00"


def test_without_new_rows_there_is_nothing_to_send(home: Path) -> None:
    task = a_report(condition=NEW)
    first = made(task)
    the_table(home, [(1, "Ayşe", "99.00")])
    run = made(task)
    assert not was_sent(run)
    assert run.reason == f"Nothing to send: no row is new since run {first.id}."


def test_rows_whose_mail_was_refused_stay_new(home: Path) -> None:
    task = a_report(condition=NEW)
    made(task)
    the_table(home, [*FIRST, (3, "Can", "30.00")])
    made(task, arrived=False)
    assert names_in(made(task)) == ["Can"]
    assert not was_sent(made(task))


def test_a_run_with_nothing_new_does_not_forget_what_was_sent(home: Path) -> None:
    task = a_report(condition=NEW)
    made(task)
    the_table(home, FIRST[:1])
    made(task)
    the_table(home, FIRST)
    assert not was_sent(made(task))


def test_all_rows_are_kept_and_nobody_is_sent_them(home: Path) -> None:
    task = a_report(condition=NEW)
    made(task)
    the_table(home, [*FIRST, (3, "Can", "30.00")])
    run = made(task)
    (kept,) = files(run, ArtifactRole.ROWS)
    assert kept.rows == 3
    assert [file.role for file in files(run)] == [ArtifactRole.FILE]


def test_nothing_and_empty_text_are_two_keys(home: Path) -> None:
    by_name = {"kind": "new_rows", "keys": ["NAME"]}
    task = a_report(condition=by_name)
    the_table(home, [(1, None, "1.00")])
    made(task)
    the_table(home, [(1, None, "1.00"), (2, "", "1.00")])
    assert was_sent(made(task))
    assert not was_sent(made(task))


def test_a_key_of_two_columns_is_not_the_texts_one_after_the_other(home: Path) -> None:
    both = {"kind": "new_rows", "keys": ["CODE", "NAME"]}
    task = a_report(condition=both)
    the_table(home, [(1, "1x", "1.00")])
    made(task)
    the_table(home, [(11, "x", "1.00")])
    assert names_in(made(task)) == ["x"]


def test_a_file_of_kept_rows_that_is_gone_makes_everything_new(home: Path) -> None:
    task = a_report(condition=NEW)
    first = made(task)
    (kept,) = files(first, ArtifactRole.ROWS)
    (settings().artifacts_dir / kept.path).unlink()
    assert names_in(made(task)) == ["Ayşe", "Bora"]


def test_a_key_column_that_is_not_there_is_said_with_those_that_are(home: Path) -> None:
    run = failed(a_report(condition={"kind": "new_rows", "keys": ["ID"]}))
    assert run.error_kind is ErrorKind.SQL
    assert run.error is not None
    assert "no column “ID”" in run.error
    assert "CODE, NAME, BALANCE" in run.error


def test_rows_that_are_not_new_count_for_the_limit_too(home: Path) -> None:
    rows: list[TableRow] = [(number, "x", "1.00") for number in range(30)]
    the_table(home, rows[:20])
    task = a_report(condition=NEW, max_rows=25)
    made(task)
    the_table(home, rows)
    assert "more than 25 rows" in (failed(task).error or "")
