"""Choices of a query on the pages: searched in the form, looked at without a script, defined."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import select

from tasks.db import reading, transaction
from tasks.models import Role, Run, Schedule, Source, TaskDefinition
from tasks.reports.choice_lists import MOST, forget_choices
from tasks.reports.choice_presets import QUERIES, Preset
from tasks.settings import settings
from tests.support.factories import a_run, a_schedule, a_source, a_task
from tests.support.valkey import Valkey
from tests.web.conftest import LoginAs
from tests.web.test_tasks_editing import FILLED, a_row

RUNS = "/tasks/a-report/runs"
FORM = "/tasks/a-report/runs/new"
CHOICES = "/tasks/a-report/choices/customer"
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
CUSTOMER: dict[str, Any] = {
    "name": "customer",
    "type": "choice_sql",
    "label": "Customer",
    "sql": QUERIES[Preset.CUSTOMER],
}
SEVERAL = CUSTOMER | {"type": "multi_choice_sql", "required": False}


@pytest.fixture(autouse=True)
def company(valkey_server: Valkey, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A company with three customers and a supplier."""
    monkeypatch.setenv("ORCHESTRATOR_BROKER_URL", valkey_server.url)
    settings.cache_clear()
    path = home / "demo.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("CREATE SCHEMA SBODEMOTR")
        connection.execute(
            """CREATE TABLE SBODEMOTR."OCRD" AS
            SELECT * FROM (VALUES ('C1', 'İstanbul Ağaç', 'C', 'İstanbul'),
            ('C2', 'Isparta <Gül>', 'C', 'Isparta'), ('C3', 'Deniz', 'C', 'İzmir'),
            ('S1', 'Iskele', 'S', 'Bursa')) AS t("CardCode", "CardName", "CardType", "City")"""
        )
    forget_choices()
    yield path
    forget_choices()


@pytest.fixture
def source(app: object) -> None:
    a_source()


@pytest.fixture
def two(app: object, company: Path) -> None:
    """Two companies that reports may choose, and an own schema that is neither."""
    with duckdb.connect(company) as connection:
        for schema, code in (("BETA", "B1"), ("OWN", "O1")):
            connection.execute(f"CREATE SCHEMA {schema}")
            connection.execute(
                f"""CREATE TABLE {schema}."OCRD" AS SELECT '{code}' AS "CardCode",
                'Deniz' AS "CardName", 'C' AS "CardType", 'İzmir' AS "City" """
            )
    a_source()
    with transaction() as session:
        source = session.scalars(select(Source)).one()
        source.companies = ["SBODEMOTR", "BETA"]
        source.settings = source.settings | {"schema": "OWN"}


def values(part: str) -> list[str]:
    return [one.split('"')[0] for one in part.split('data-value="')[1:]]


@pytest.mark.usefixtures("source")
def test_a_search_finds_whatever_the_case_and_the_letters(login_as: LoginAs) -> None:
    a_task(parameters=[CUSTOMER])
    operator = login_as(Role.OPERATOR)
    for search in ("is", "İS", "ıs"):
        part = operator.get(CHOICES, query_string={"q": search}, headers=PART).text
        assert values(part) == ["C2", "C1"]
        assert "2 choices" in part
    assert "<html" not in part
    assert "Isparta &lt;Gül&gt;" in part


@pytest.mark.usefixtures("source")
def test_of_several_the_code_behind_the_last_comma_is_searched(login_as: LoginAs) -> None:
    a_task(parameters=[SEVERAL])
    typed = {"parameters-customer": "C1, deni"}
    part = login_as(Role.OPERATOR).get(CHOICES, query_string=typed, headers=PART).text
    assert values(part) == ["C3"]


@pytest.mark.usefixtures("source")
def test_without_a_script_it_is_a_page_with_a_link_to_the_form(login_as: LoginAs) -> None:
    a_task(parameters=[CUSTOMER])
    operator = login_as(Role.OPERATOR)
    page = operator.get(f"{CHOICES}?q=deniz").text
    assert f'href="{FORM}?parameters-customer=C3"' in page
    assert "C1" not in page
    assert 'value="C3"' in operator.get(f"{FORM}?parameters-customer=C3").text


@pytest.mark.usefixtures("source")
def test_what_is_not_found_is_said_in_the_readers_language(login_as: LoginAs) -> None:
    a_task(parameters=[CUSTOMER])
    part = login_as(Role.OPERATOR).get(f"{CHOICES}?q=<b>nobody", headers=PART).text
    assert values(part) == []
    assert "No choice holds “&lt;b&gt;nobody”." in part


@pytest.mark.usefixtures("source")
def test_the_first_twenty_are_shown_and_more_than_are_searched_are_told(
    login_as: LoginAs, company: Path
) -> None:
    a_task(parameters=[CUSTOMER])
    with duckdb.connect(company) as connection:
        connection.execute(
            f"""INSERT INTO SBODEMOTR."OCRD"
            SELECT 'X' || range, 'Xenia ' || range, 'C', '' FROM range({MOST})"""
        )
    part = login_as(Role.OPERATOR).get(CHOICES, headers=PART).text
    assert len(values(part)) == 20
    assert f"The first 20 of {MOST}" in part
    assert f"Only the first {MOST} choices are searched" in part


@pytest.mark.usefixtures("source")
def test_a_source_that_is_away_is_said_and_the_code_can_be_typed(
    login_as: LoginAs, company: Path
) -> None:
    a_task(parameters=[CUSTOMER])
    company.unlink()
    operator = login_as(Role.OPERATOR)
    answer = operator.get(CHOICES, headers=PART)
    assert answer.status_code == 200
    assert "Type the code itself. The file of the source demo cannot be opened" in answer.text
    sent = operator.submit(RUNS, page=FORM, **{"parameters-customer": "C1"})
    assert sent.status_code == 303
    assert the_run().parameters == {"customer": "C1"}


@pytest.mark.usefixtures("source")
def test_several_codes_are_kept_as_a_list_and_shown_again(login_as: LoginAs) -> None:
    task = a_task(parameters=[SEVERAL])
    operator = login_as(Role.OPERATOR)
    operator.submit(RUNS, page=FORM, **{"parameters-customer": "C1, C3, "})
    assert the_run().parameters == {"customer": ["C1", "C3"]}
    a_run(task)
    page = operator.get(f"{FORM}?like={the_run().id}").text
    assert 'value="C1, C3"' in page
    assert 'role="combobox"' in page


@pytest.mark.usefixtures("source")
def test_a_schedule_takes_codes_too(login_as: LoginAs) -> None:
    task = a_task(parameters=[SEVERAL])
    schedule = a_schedule(task)
    edit = f"/schedules/{schedule.id}/edit"
    admin = login_as(Role.ADMIN)
    assert f'hx-get="{CHOICES}"' in admin.get(edit).text
    sent = {
        "task": task.slug,
        "version": "1",
        "pattern": "cron",
        "cron": "* * * * *",
        "timezone": "UTC",
        "on_holiday": "run",
        "catch_up": "last",
        "parameters-customer": "C2,C1",
    }
    assert admin.submit(edit, page=edit, **sent).status_code == 303
    with reading() as session:
        kept = session.get_one(Schedule, schedule.id).parameters
    assert kept["customer"] in ("C2,C1", ["C2", "C1"])


@pytest.mark.usefixtures("source")
def test_the_choices_are_those_of_the_company_that_is_chosen(login_as: LoginAs) -> None:
    company = {"name": "in", "type": "company", "required": False}
    a_task(settings={"sql": "SELECT 1 FROM DUMMY"}, parameters=[CUSTOMER, company])
    operator = login_as(Role.OPERATOR)
    assert "hx-include=\"[name='parameters-in']\"" in operator.get(FORM).text
    own = operator.get(f"{CHOICES}?q=deniz&parameters-in=SBODEMOTR", headers=PART).text
    assert values(own) == ["C3"]
    other = operator.get(f"{CHOICES}?q=deniz&parameters-in=ELSEWHERE", headers=PART).text
    assert values(other) == []
    assert "is not a company that this report may read" in other


@pytest.mark.parametrize(
    ("boxes", "default", "read"),
    [
        (["", "BETA"], "", ["B1"]),
        (["", "SBODEMOTR", "BETA"], "", ["C3"]),
        ([""], "", ["C3"]),
        ([], "", ["C3"]),
        ([""], "BETA, SBODEMOTR", ["C3"]),
        ([""], "BETA", ["B1"]),
    ],
)
@pytest.mark.usefixtures("two")
def test_of_several_companies_the_choices_are_those_of_the_first_that_a_run_reads(
    login_as: LoginAs, boxes: list[str], default: str, read: list[str]
) -> None:
    companies = {"name": "in", "type": "companies", "required": False, "default": default}
    a_task(parameters=[CUSTOMER, companies])
    operator = login_as(Role.OPERATOR)
    assert '<input type="hidden" name="parameters-in" value="">' in operator.get(FORM).text
    sent = {"q": "deniz", "parameters-in": boxes}
    assert values(operator.get(CHOICES, query_string=sent, headers=PART).text) == read


@pytest.mark.usefixtures("two")
def test_with_no_single_company_chosen_the_choices_are_those_of_the_own_schema(
    login_as: LoginAs,
) -> None:
    a_task(parameters=[CUSTOMER, {"name": "in", "type": "company", "required": False}])
    sent = {"q": "deniz", "parameters-in": ""}
    part = login_as(Role.OPERATOR).get(CHOICES, query_string=sent, headers=PART).text
    assert values(part) == ["O1"]


@pytest.mark.usefixtures("source")
def test_only_who_may_run_the_task_sees_its_choices(login_as: LoginAs) -> None:
    a_task(parameters=[CUSTOMER])
    refused = login_as(Role.VIEWER).get(CHOICES, headers=PART)
    assert refused.status_code == 403
    assert "Deniz" not in refused.text


@pytest.mark.parametrize(
    "path", ["/tasks/a-report/choices/day", "/tasks/a-report/choices/x", "/tasks/none/choices/day"]
)
@pytest.mark.usefixtures("source")
def test_a_parameter_without_a_query_has_no_choices(login_as: LoginAs, path: str) -> None:
    a_task(parameters=[{"name": "day", "type": "date"}])
    assert login_as(Role.OPERATOR).get(path).status_code == 404


def a_choice(number: int = 0, **values: str) -> dict[str, str]:
    given = {"name": "customer", "type": "choice_sql", "sql": QUERIES[Preset.CUSTOMER]} | values
    sql = {f"parameters-{number}-sql": given.pop("sql")}
    return a_row(number, **given) | sql


@pytest.mark.usefixtures("source")
def test_a_ready_query_is_filled_in_by_a_button(login_as: LoginAs) -> None:
    row = a_row(0, name="", type="text") | {"parameters-0-preset": "warehouse"}
    answer = login_as(Role.AUTHOR).submit(
        "/tasks", page="/tasks/new?job=report", **FILLED | row | {"fill_parameter": "0"}
    )
    page = " ".join(answer.text.split())
    assert "FROM &#34;{schema}&#34;.&#34;OWHS&#34; T0" in page
    assert '<option value="choice_sql" selected>' in page
    assert 'value="warehouse"' in page


@pytest.mark.usefixtures("source")
def test_a_task_with_choices_of_a_query_is_saved(login_as: LoginAs) -> None:
    sql = {"sql": "SELECT 1 AS A FROM DUMMY WHERE 'a' = :customer"}
    answer = login_as(Role.AUTHOR).submit(
        "/tasks", page="/tasks/new?job=report", **FILLED | a_choice() | sql
    )
    assert answer.status_code == 303, answer.text
    with reading() as session:
        (task,) = session.scalars(select(TaskDefinition))
    assert task.parameters[0]["sql"] == QUERIES[Preset.CUSTOMER]


@pytest.mark.parametrize(
    ("row", "control", "sentence"),
    [
        (a_choice(sql=""), "sql", "give the query of its choices"),
        (a_choice(sql="DELETE FROM OCRD"), "sql", "Line 1, column 1"),
    ],
)
@pytest.mark.usefixtures("source")
def test_a_query_that_cannot_be_is_refused_beside_its_control(
    login_as: LoginAs, row: dict[str, str], control: str, sentence: str
) -> None:
    answer = login_as(Role.AUTHOR).submit("/tasks", page="/tasks/new?job=report", **FILLED | row)
    assert answer.status_code == 422
    assert sentence in answer.text.split(f'id="error-parameters-0-{control}"')[1].split("</p>")[0]


@pytest.mark.usefixtures("source")
def test_an_editor_takes_ready_queries_and_those_there_are_but_writes_none(
    login_as: LoginAs,
) -> None:
    own = 'SELECT "CardCode" FROM "OCRD"'
    task = a_task(parameters=[CUSTOMER | {"sql": own}])
    editor = login_as(Role.EDITOR)
    page = f"/tasks/{task.slug}/edit"
    sent = FILLED | {"version": "1", "sql": task.settings["sql"], "source": "demo"}
    kept = a_choice(sql=own) | a_choice(1, name="other")
    assert editor.submit(page, page=page, **sent | kept).status_code == 303
    written = sent | {"version": "2"} | a_choice(sql=f"{own} WHERE 1 = 1")
    assert editor.submit(page, page=page, **written).status_code == 403


def the_run() -> Run:
    with reading() as session:
        return session.scalars(select(Run).order_by(Run.id)).first() or Run()
