"""`orchestrator import-queries` on the demo company: what is taken, what not, and only once."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import Connection, event, func, select

from tasks import db
from tasks.db import reading, transaction
from tasks.definitions import change_task, content_of
from tasks.jobs.registry import find_job
from tasks.models import Schedule, TaskDefinition, TaskVersion
from tasks.queries.by_name import task_named
from tasks.reports.parameters import accept, definitions_of
from tasks.sources import catalogue
from tests.support.factories import a_source, a_task
from tests.support.jobs import a_context
from tests.support.statements import statements_of
from tests.unit.cli.conftest import Call, orchestrator
from tests.unit.demo.conftest import built_in

__all__ = ["orchestrator"]

COMMAND = ("import-queries", "--source", "demo")
ORDERS = "acik-siparisler-demo-1"


@pytest.fixture(autouse=True)
def _demo(home: Path, sqlite_database: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    shutil.copy(built_in(tmp_path_factory.getbasetemp()), home / "demo.duckdb")
    catalogue.forget()
    a_source()


def tasks() -> dict[str, TaskDefinition]:
    with reading() as session:
        return {one.slug: one for one in session.scalars(select(TaskDefinition))}


def told(orchestrator: Call, *options: str) -> dict[str, dict[str, Any]]:
    """What the command says as JSON, by the name of the query."""
    done = orchestrator(*COMMAND, "--json", *options)
    assert done.exit_code == 0, done.stderr
    return {one["name"]: one for one in json.loads(done.stdout)["queries"]}


def change_in_the_task(slug: str, **settings: object) -> None:
    """Save the task as a person does who changes what it asks."""
    with transaction() as session:
        task = task_named(session, slug)
        kept = task.content() | {"settings": task.settings | settings}
        content = content_of(slug=slug, **kept)
        change_task(session, task, content, version=task.version, changed_by="ayse")


def change_in_business_one(home: Path, number: int, text: str) -> None:
    with duckdb.connect(home / "demo.duckdb") as connection:
        connection.execute(
            'UPDATE "SBODEMOTR"."OUQR" SET "QString" = ? WHERE "IntrnalKey" = ?', [text, number]
        )


def test_the_dry_run_tells_each_query_and_takes_none(orchestrator: Call) -> None:
    found = told(orchestrator, "--dry-run")
    assert len(found) == 18
    assert {one["fate"] for one in found.values()} == {"new", "cannot"}
    assert sum(one["fate"] == "new" for one in found.values()) == 9
    assert tasks() == {}


def test_a_query_becomes_a_task_that_is_switched_off_and_says_where_it_came_from(
    orchestrator: Call,
) -> None:
    assert told(orchestrator)["Açık siparişler"]["task"] == ORDERS
    task = tasks()[ORDERS]
    assert (task.title, task.is_active) == ("Açık siparişler", False)
    assert task.description == "Imported from Business One: Satış/Açık siparişler"
    assert task.settings["source"] == "demo"
    assert task.settings["recipients"] == []
    assert task.settings["sql"].endswith('T0."DocDate" >= :doc_date_from')
    [parameter] = task.parameters
    assert (parameter["name"], parameter["type"]) == ("doc_date_from", "date")
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Schedule)) == 0


@pytest.mark.parametrize(
    ("slug", "given"),
    [
        ("musteri-ara-demo-6", {"card_name": "Mobilya"}),
        ("musteri-ara-demo-6", {}),
        ("donem-satislari-demo-5",
         {"doc_date_from": "2026-01-01", "doc_date_to": "31.12.2026", "slp_name": "Ayşe Yılmaz"}),
        ("vadesi-gecenler-demo-7", {"doc_due_date_to": "today", "kalan_from": "100,50"}),
    ],
)  # fmt: skip
def test_a_task_that_came_from_a_query_runs_as_a_report(
    orchestrator: Call, home: Path, slug: str, given: dict[str, str]
) -> None:
    told(orchestrator)
    task = tasks()[slug]
    context = a_context(
        home / "made",
        settings=task.settings,
        parameter_definitions=task.parameters,
        parameters=accept(definitions_of(task.parameters), given),
    )
    assert (find_job("report").perform(context).rows or 0) > 0


def test_what_is_not_taken_says_why_with_its_line(orchestrator: Call) -> None:
    lines = orchestrator(*COMMAND).stdout.splitlines()
    at = next(n for n, line in enumerate(lines) if "Fiyat güncelle" in line)
    assert lines[at].startswith("not taken         12  Genel/Fiyat güncelle")
    assert lines[at + 1].strip().startswith("Line 1: UPDATE changes rows")
    assert lines[-1] == "18 saved queries: 9 not taken, 9 taken."
    assert len(tasks()) == 9


def test_a_second_time_nothing_is_taken_twice(orchestrator: Call) -> None:
    told(orchestrator)
    with reading() as session:
        versions = session.scalar(select(func.count()).select_from(TaskVersion))
    again = told(orchestrator, "--update")
    assert {one["fate"] for one in again.values()} == {"unchanged", "cannot"}
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(TaskVersion)) == versions == 9


def test_what_a_person_made_of_the_task_is_no_change_in_business_one(orchestrator: Call) -> None:
    told(orchestrator)
    change_in_the_task(ORDERS, sql='SELECT :doc_date_from AS "Day" FROM DUMMY')
    assert told(orchestrator, "--update")["Açık siparişler"]["fate"] == "unchanged"
    assert "DUMMY" in tasks()[ORDERS].settings["sql"]


def test_a_text_that_changed_since_is_told_and_taken_up_only_when_asked(
    orchestrator: Call, home: Path
) -> None:
    told(orchestrator)
    change_in_the_task(ORDERS, recipients=["a@company.example"])
    change_in_business_one(home, 1, 'SELECT "DocNum" FROM ORDR WHERE "CardCode" = \'[%0]\'')
    assert told(orchestrator)["Açık siparişler"]["fate"] == "changed"
    updated = told(orchestrator, "--update")["Açık siparişler"]
    assert (updated["fate"], updated["task"]) == ("updated", ORDERS)
    task = tasks()[ORDERS]
    assert task.settings["sql"] == 'SELECT "DocNum" FROM ORDR WHERE "CardCode" = :card_code'
    assert [one["name"] for one in task.parameters] == ["card_code"]
    assert task.settings["recipients"] == ["a@company.example"]
    assert told(orchestrator)["Açık siparişler"]["fate"] == "unchanged"


def test_a_task_of_a_person_with_such_a_name_is_not_taken_for_a_query(orchestrator: Call) -> None:
    a_task("my-own-demo-1")
    a_task(ORDERS)
    orders = told(orchestrator)["Açık siparişler"]
    assert orders["fate"] == "cannot"
    assert f"There is a task “{ORDERS}” already" in orders["why"]


@pytest.mark.parametrize("name", ["Finans", "finans", "2"])
def test_one_category_is_taken_by_its_name_or_number(orchestrator: Call, name: str) -> None:
    found = told(orchestrator, "--category", name)
    assert {one["category"] for one in found.values()} == {"Finans"}
    assert len(found) == 4


def test_an_unknown_category_is_refused_with_those_that_there_are(orchestrator: Call) -> None:
    refused = orchestrator(*COMMAND, "--category", "Depo")
    assert refused.exit_code == 2
    assert "There are: Biçimli aramalar, Eski sunucudan, Finans" in refused.stderr


def test_what_business_one_left_empty_stops_nothing(orchestrator: Call, home: Path) -> None:
    with duckdb.connect(home / "demo.duckdb") as connection:
        connection.execute('DELETE FROM "SBODEMOTR"."OUQR"')
        connection.execute(
            'INSERT INTO "SBODEMOTR"."OUQR" VALUES (1, 77, NULL, NULL),'
            " (-2, NULL, '-', 'SELECT 1 AS A FROM DUMMY'),"
            " (3, -1, repeat('Uzun ', 60), 'SELECT 1 AS A FROM DUMMY')"
        )
    found = told(orchestrator)
    assert "There is no query" in found["1"]["problems"][0]["message"]
    assert (found["1"]["category"], found["-"]["task"]) == ("77", "query-demo-m2")
    long = found["Uzun " * 60]
    assert len(long["task"]) <= 80
    assert long["task"].endswith("-demo-3")
    assert {one["fate"] for one in told(orchestrator).values()} == {"unchanged", "cannot"}


def test_an_unknown_source_is_refused(orchestrator: Call) -> None:
    refused = orchestrator("import-queries", "--source", "nowhere")
    assert refused.exit_code == 2
    assert "There is no source “nowhere”" in refused.stderr


def many_in_business_one(home: Path, number: int) -> None:
    with duckdb.connect(home / "demo.duckdb") as connection:
        connection.execute('DELETE FROM "SBODEMOTR"."OUQR"')
        connection.execute(
            'INSERT INTO "SBODEMOTR"."OUQR" '
            "SELECT range + 1, 1, 'Query ' || (range + 1), 'SELECT 1 AS A FROM DUMMY' "
            f"FROM range({number})"
        )


@contextmanager
def commits() -> Iterator[list[int]]:
    """How many tasks each transaction of ours leaves behind, all in all."""
    left: list[int] = []

    def count(connection: Connection) -> None:
        found = connection.execute(select(func.count()).select_from(TaskDefinition))
        left.append(found.scalar_one())

    event.listen(db.engine(), "commit", count)
    try:
        yield left
    finally:
        event.remove(db.engine(), "commit", count)


def looks(told: list[str]) -> int:
    """How often tasks are searched by the ends of their names."""
    return sum("task_definition.slug LIKE" in one for one in told)


def test_no_transaction_takes_more_than_fifty_so_that_others_write_between(
    orchestrator: Call, home: Path
) -> None:
    many_in_business_one(home, 101)
    with commits() as left:
        found = told(orchestrator)
    assert {one["fate"] for one in found.values()} == {"taken"}
    assert left == [50, 100, 101]


def test_a_batch_finds_its_tasks_by_one_query(orchestrator: Call, home: Path) -> None:
    many_in_business_one(home, 60)
    for options, fate in ((("--dry-run",), "new"), ((), "taken"), ((), "unchanged")):
        with statements_of(db.engine()) as asked:
            found = told(orchestrator, *options)
        assert [one["fate"] for one in found.values()] == [fate] * 60
        assert looks(asked) == 2


def test_a_dry_run_waits_for_nobody_who_writes(
    orchestrator: Call, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "LOCK_SECONDS", -1)
    with closing(sqlite3.connect(home / "orchestrator.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert len(told(orchestrator, "--dry-run")) == 18


def test_a_query_that_is_there_twice_becomes_one_task(orchestrator: Call, home: Path) -> None:
    with duckdb.connect(home / "demo.duckdb") as connection:
        connection.execute('DELETE FROM "SBODEMOTR"."OUQR"')
        connection.execute(
            'INSERT INTO "SBODEMOTR"."OUQR" VALUES '
            "(7, 1, 'One', 'SELECT 1 AS A FROM DUMMY'), "
            "(7, 2, 'Two', 'SELECT 1 AS A FROM DUMMY')"
        )
    assert sorted(one["fate"] for one in told(orchestrator).values()) == ["taken", "unchanged"]
    assert len(tasks()) == 1
