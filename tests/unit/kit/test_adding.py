"""`orchestrator kit`: reports of the kit become tasks, once each, and nothing runs by itself."""

import json

import pytest
from sqlalchemy import select

from tasks.db import reading, transaction
from tasks.definitions import switch_task
from tasks.kit.report import kit
from tasks.models import Schedule, SourceKind, TaskDefinition
from tasks.reports.render import Language
from tasks.scheduling.cron import Cron
from tasks.settings import settings
from tests.support.factories import a_hana_source, a_source, a_task
from tests.unit.cli.conftest import Call, orchestrator

__all__ = ["orchestrator"]


@pytest.fixture(autouse=True)
def _demo(sqlite_database: str) -> None:
    a_source()


def tasks() -> dict[str, TaskDefinition]:
    with reading() as session:
        return {one.slug: one for one in session.scalars(select(TaskDefinition))}


def schedules() -> list[Schedule]:
    with reading() as session:
        return list(session.scalars(select(Schedule)))


def test_the_list_tells_each_report_in_a_language(orchestrator: Call) -> None:
    said = orchestrator("kit", "list", "--language", "tr").stdout
    assert len(said.splitlines()) == len(kit())
    assert "overdue-receivables       finance     Vadesi geçmiş alacaklar." in said
    found = json.loads(orchestrator("kit", "list", "--json").stdout)
    assert found[0]["title"] == kit()[0].title
    assert {one["name"] for one in found} == {one.slug for one in kit()}


def test_all_reports_become_tasks_over_the_source(orchestrator: Call) -> None:
    done = orchestrator(
        "kit", "add", "--all", "--source", "demo", "--language", "tr",
        "--recipients", "a@company.example,b@company.example",
    )  # fmt: skip
    assert done.exit_code == 0
    assert set(tasks()) == {one.slug for one in kit()}
    late = tasks()["late-orders"]
    turkish = next(one for one in kit(Language.TURKISH) if one.slug == "late-orders")
    assert (late.title, late.description) == (turkish.title, turkish.description)
    assert late.settings["sql"] == turkish.sql
    assert late.settings["language"] == "tr"
    assert late.settings["source"] == "demo"
    assert late.settings["recipients"] == ["a@company.example", "b@company.example"]


def test_the_suggested_schedule_is_switched_off(orchestrator: Call) -> None:
    orchestrator("kit", "add", "cash-flow", "--source", "demo")
    [schedule] = schedules()
    assert (schedule.enabled, schedule.next_due_at) == (False, None)
    assert schedule.cron == "30 7 * * 1"


@pytest.mark.parametrize("one", kit(), ids=lambda one: one.slug)
def test_every_suggestion_is_a_time(one: object) -> None:
    assert Cron(one.schedule, settings().zone)  # type: ignore[attr-defined]


def test_a_second_time_changes_nothing(orchestrator: Call) -> None:
    command = ("kit", "add", "cash-flow", "total-risk", "--source", "demo")
    assert "cash-flow: added" in orchestrator(*command).stdout
    again = orchestrator(*command)
    assert again.exit_code == 0
    assert again.stdout.splitlines() == [
        "cash-flow: is there already and is unchanged.",
        "total-risk: is there already and is unchanged.",
    ]
    assert len(schedules()) == 2


def test_a_dry_run_says_the_same_and_adds_nothing(orchestrator: Call) -> None:
    done = orchestrator("kit", "add", "cash-flow", "--source", "demo", "--dry-run")
    assert done.stdout == "cash-flow: would be added, with its schedule switched off.\n"
    told = json.loads(
        orchestrator("kit", "add", "cash-flow", "--source", "demo", "--dry-run", "--json").stdout
    )
    assert told == {
        "dry_run": True,
        "reports": [{"report": "cash-flow", "task": "cash-flow", "fate": "added"}],
    }
    assert (tasks(), schedules()) == ({}, [])


def test_what_people_made_of_a_report_stays_and_is_told(orchestrator: Call) -> None:
    orchestrator("kit", "add", "cash-flow", "--source", "demo")
    with transaction() as session:
        task = session.scalars(select(TaskDefinition)).one()
        task.settings = task.settings | {"sql": "SELECT 1 AS A FROM DUMMY"}
    refused = orchestrator("kit", "add", "--all", "--source", "demo")
    assert refused.exit_code == 1
    assert "cash-flow: not added: there is a task of it whose query" in refused.stdout
    assert len(tasks()) == len(kit())
    assert tasks()["cash-flow"].settings["sql"] == "SELECT 1 AS A FROM DUMMY"


def test_recipients_and_a_switch_are_no_change_of_the_report(orchestrator: Call) -> None:
    orchestrator("kit", "add", "cash-flow", "--source", "demo")
    with transaction() as session:
        task = session.scalars(select(TaskDefinition)).one()
        task.settings = task.settings | {"recipients": ["a@company.example"]}
        switch_task(session, task, is_active=False, changed_by="ayse")
    again = orchestrator("kit", "add", "cash-flow", "--source", "demo")
    assert again.stdout == "cash-flow: is there already and is unchanged.\n"


def test_a_second_company_has_tasks_of_its_own(orchestrator: Call) -> None:
    a_hana_source(30_015, slug="export")
    orchestrator("kit", "add", "cash-flow", "--source", "demo")
    assert "cash-flow-export: added" in (
        orchestrator("kit", "add", "cash-flow", "--source", "export").stdout
    )
    assert {slug: one.settings["source"] for slug, one in tasks().items()} == {
        "cash-flow": "demo",
        "cash-flow-export": "export",
    }
    again = orchestrator("kit", "add", "cash-flow", "--source", "export").stdout
    assert again == "cash-flow-export: is there already and is unchanged.\n"


def test_a_name_that_other_tasks_have_is_refused(orchestrator: Call) -> None:
    for slug in ("cash-flow", "cash-flow-demo"):
        a_task(slug, settings={"source": "other"})
    refused = orchestrator("kit", "add", "cash-flow", "--source", "demo")
    assert refused.exit_code == 1
    assert "another task has this name" in refused.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--source", "demo"), "Name the reports to add"),
        (("cash-flow", "--all", "--source", "demo"), "Name the reports to add"),
        (("cash-floww", "--source", "demo"), "There is no report “cash-floww” in the kit"),
        (("cash-flow", "--source", "nowhere"), "There is no source “nowhere”"),
        (("cash-flow", "--source", "sql"), "no database of SAP Business One on HANA"),
        (("cash-flow", "--source", "demo", "--recipients", "nobody"), "nobody"),
    ],
)
def test_what_cannot_be_taken_is_said(
    orchestrator: Call, arguments: tuple[str, ...], sentence: str
) -> None:
    source = a_source(slug="sql")
    with transaction() as session:
        session.get_one(type(source), source.id).kind = SourceKind.SQL
    refused = orchestrator("kit", "add", *arguments)
    assert refused.exit_code == 2
    assert sentence in refused.stderr
    assert tasks() == {}
