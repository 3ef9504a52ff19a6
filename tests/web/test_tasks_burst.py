"""Each recipient its own rows, in the form of a task, on its page and in its preview."""

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import select

from tasks.db import transaction
from tasks.models import Role, Source
from tasks.reports import preview as preview_module
from tasks.reports.bursting.presets import QUERIES, AddressPreset
from tests.jobs.bursting import SQL, company
from tests.support.factories import a_source, a_task
from tests.web.conftest import LoginAs
from tests.web.sql_support import FRAGMENT
from tests.web.test_tasks_editing import EDIT, FILLED, the_task

SLUG = "subat-cikislari"
LINES = {
    "burst-column": "Region",
    "burst-address_from": "lines",
    "burst-lines": "Marmara=ayse@example.com;ali@example.com\r\nEge = can@example.com",
    "burst-catch_all": "office@example.com",
    "burst-with_whole": "on",
}
KEPT = {
    "column": "Region",
    "address_from": "lines",
    "address_column": "",
    "lines": ["Marmara = ayse@example.com, ali@example.com", "Ege = can@example.com"],
    "query": "",
    "catch_all": ["office@example.com"],
    "with_whole": True,
}
OWN = "SELECT 'x', 'a@example.com' FROM DUMMY"


@pytest.fixture(autouse=True)
def _source(app: object) -> None:
    a_source()


def saved(login_as: LoginAs, **values: Any) -> tuple[int, str]:
    answer = login_as(Role.AUTHOR).submit("/tasks", page="/tasks/new?job=report", **FILLED | values)
    return answer.status_code, answer.text


def test_a_task_keeps_whose_rows_are_whose_and_shows_it_again(login_as: LoginAs) -> None:
    assert saved(login_as, **LINES)[0] == 303
    assert the_task(SLUG).settings["burst"] == KEPT
    author = login_as(Role.AUTHOR, "other")
    form = author.get(f"/tasks/{SLUG}/edit").text
    assert not re.search(r'<details[^>]*id="section-burst"[^>]*open', form)
    assert "Split by the column: Region · The list below" in form
    assert "Marmara = ayse@example.com, ali@example.com\nEge" in form
    page = author.get(f"/tasks/{SLUG}").text
    assert "Split by Region; 2 typed address lines" in page
    assert "Rows without an address go to: office@example.com" in page


def test_a_task_that_is_not_split_keeps_nothing_and_its_form_stays_closed(
    login_as: LoginAs,
) -> None:
    assert saved(login_as)[0] == 303
    assert the_task(SLUG).settings["burst"] is None
    form = login_as(Role.AUTHOR, "other").get(f"/tasks/{SLUG}/edit").text
    assert not re.search(r'<details[^>]*id="section-burst"[^>]*open', form)


@pytest.mark.parametrize(
    ("typed", "control", "sentence"),
    [
        ({"burst-lines": "Marmara"}, "burst-lines", "Line 1: write the value"),
        ({"burst-column": ""}, "burst-column", "Fill this in."),
        ({"burst-address_from": ""}, "burst-address_from", "Say where the address"),
        ({"burst-address_from": "column"}, "burst-address_column", "Name the column"),
        ({"burst-address_from": "query"}, "burst-query", "Write the query"),
        ({"burst-catch_all": "office"}, "burst-catch_all", "“office” is not a mail address"),
        (
            {"burst-address_from": "query", "burst-query": "DELETE FROM T"},
            "burst-query",
            "Line 1, column 1",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_its_control(
    login_as: LoginAs, typed: dict[str, str], control: str, sentence: str
) -> None:
    status, page = saved(login_as, **LINES | typed)
    assert status == 422
    assert sentence in page.split(f'id="error-{control}"', 1)[1].split("</p>", 1)[0]
    assert re.search(r'<details[^>]*id="section-burst"[^>]*open', page)


def test_a_ready_query_is_for_editors_too_and_another_is_not(login_as: LoginAs) -> None:
    a_task(settings={"source": "demo"})
    wanted = FILLED | {"version": "1", "burst-column": "SlpCode", "burst-address_from": "query"}
    wanted = {name: value for name, value in wanted.items() if name != "sql"}
    editor = login_as(Role.EDITOR)
    refused = editor.submit(EDIT, **wanted | {"burst-query": OWN})
    assert refused.status_code == 403
    assert "Only an author may write SQL." in refused.text
    answer = editor.submit(EDIT, **wanted | {"burst-preset": "sales_person"})
    assert answer.status_code == 303, answer.text
    kept = the_task("a-report").settings["burst"]["query"]
    assert kept == QUERIES[AddressPreset.SALES_PERSON]


def test_an_editor_leaves_the_query_of_an_author_as_it_is(login_as: LoginAs) -> None:
    burst = {"column": "A", "address_from": "query", "query": OWN}
    a_task(settings={"source": "demo", "burst": burst})
    editor = login_as(Role.EDITOR)
    form = editor.get(EDIT).text
    assert re.search(r'type="hidden"\s+name="burst-query"\s+value="SELECT', form)
    wanted = {name: value for name, value in FILLED.items() if name != "sql"} | {
        "version": "1",
        "burst-column": "A",
        "burst-address_from": "query",
        "burst-query": OWN,
    }
    assert editor.submit(EDIT, **wanted).status_code == 303
    assert the_task("a-report").settings["burst"]["query"] == OWN


def counted(login_as: LoginAs, **values: Any) -> tuple[int, str]:
    sent = FILLED | {"sql": SQL} | LINES | values
    answer = login_as(Role.AUTHOR).submit(
        "/tasks/new/parts", page="/tasks/new?job=report", headers=FRAGMENT, **sent
    )
    return answer.status_code, answer.text


def test_the_preview_tells_who_would_get_how_many_rows(login_as: LoginAs, home: Path) -> None:
    company(home)
    status, page = counted(login_as)
    assert status == 200
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "4 parts · 5 rows counted" in words
    assert "2 rows have no address of their own. They go to office@example.com." in words
    assert "Marmara 2 ayse@example.com, ali@example.com" in words
    assert "<html" not in page


def test_the_preview_without_a_script_is_the_whole_form_with_the_answer(
    login_as: LoginAs, home: Path
) -> None:
    company(home)
    answer = login_as(Role.AUTHOR).submit(
        "/tasks/new/parts", page="/tasks/new?job=report", **FILLED | {"sql": SQL} | LINES
    )
    assert "4 parts" in answer.text
    assert "Marmara=ayse@example.com;ali@example.com" in answer.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"burst-column": "Area"}, "There is no column “Area” to split the rows by."),
        ({"burst-address_from": "", "burst-lines": ""}, "take away what is typed"),
        ({"source": ""}, "Choose the source"),
        ({"sql": "DELETE FROM T"}, "Line 1, column 1"),
        ({"burst-lines": "x"}, "Line 1: write the value"),
        ({"burst-column": ""}, "Split by the column: Fill this in."),
    ],
)
def test_what_keeps_the_preview_from_counting_is_told(
    login_as: LoginAs, home: Path, typed: dict[str, str], sentence: str
) -> None:
    company(home)
    status, page = counted(login_as, **typed)
    assert status == 200
    assert sentence in page


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR, Role.EDITOR])
def test_only_an_author_asks_a_source(login_as: LoginAs, role: Role) -> None:
    a_task(settings={"source": "demo"})
    browser = login_as(role)
    answer = browser.submit("/tasks/a-report/edit/parts", page="/tasks/a-report", **LINES)
    assert answer.status_code == 403


OVER_COMPANIES = {
    "sql": 'SELECT "Region" FROM {schema}."T"',
    "parameters-0-name": "companies",
    "parameters-0-type": "companies",
}
BY_QUERY = {
    "burst-address_from": "query",
    "burst-lines": "",
    "burst-query": 'SELECT "Region", "Mail" FROM {schema}."T"',
}


def two_companies(home: Path) -> None:
    """Two companies; the source offers both, and Ege is somebody else in each."""
    with transaction() as session:
        session.scalars(select(Source)).one().companies = ["SBODEMOTR", "SBODEMODE"]
    with duckdb.connect(home / "demo.duckdb") as demo:
        for name, mail in (("SBODEMOTR", "ayse@example.com"), ("SBODEMODE", "hans@example.com")):
            demo.execute(f"CREATE SCHEMA {name}")
            demo.execute(f'CREATE TABLE {name}."T" ("Region" VARCHAR, "Mail" VARCHAR)')
            demo.execute(f"INSERT INTO {name}.\"T\" VALUES ('Ege', '{mail}'), ('Ege', NULL)")


def told(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_each_company_is_counted_as_a_run_splits_it(login_as: LoginAs, home: Path) -> None:
    two_companies(home)
    _status, page = counted(login_as, **OVER_COMPANIES | BY_QUERY)
    words = told(page)
    assert "2 parts · 4 rows counted" in words
    assert "SBODEMODE · Ege 2 hans@example.com" in words
    assert "SBODEMOTR · Ege 2 ayse@example.com" in words
    assert "no time left" not in words


def test_a_typed_list_is_meant_for_all_companies(login_as: LoginAs, home: Path) -> None:
    two_companies(home)
    _status, page = counted(login_as, **OVER_COMPANIES | {"burst-lines": "Ege = can@example.com"})
    assert "1 part · 4 rows counted" in told(page)
    assert "Ege 4 can@example.com" in told(page)


@pytest.mark.parametrize("way", [{}, BY_QUERY], ids=["rows", "addresses"])
def test_a_company_for_which_no_time_is_left_is_named(
    login_as: LoginAs, home: Path, monkeypatch: pytest.MonkeyPatch, way: dict[str, str]
) -> None:
    two_companies(home)
    monkeypatch.setattr(preview_module, "LEAST_SECONDS", 10_000)
    _status, page = counted(login_as, **OVER_COMPANIES | way)
    assert "no time left to count these companies: SBODEMODE." in told(page)
    assert "2 rows counted" in told(page)


def test_what_is_wrong_in_a_later_company_is_told_with_its_name(
    login_as: LoginAs, home: Path
) -> None:
    two_companies(home)
    with duckdb.connect(home / "demo.duckdb") as demo:
        demo.execute('DROP TABLE SBODEMODE."T"')
    _status, page = counted(login_as, **OVER_COMPANIES)
    assert "In the company SBODEMODE:" in told(page)


def test_a_preview_of_more_rows_than_it_counts_says_so(login_as: LoginAs, home: Path) -> None:
    with duckdb.connect(home / "demo.duckdb") as demo:
        demo.execute("CREATE SCHEMA SBODEMOTR")
        demo.execute('CREATE TABLE SBODEMOTR."T" AS SELECT \'Ege\' AS "Region" FROM range(6000)')
    _status, page = counted(login_as, sql='SELECT "Region" FROM "T"')
    assert "5000 rows counted" in page.replace(",", "")
    assert "only the first were counted" in page


def test_versions_tell_it_in_words(login_as: LoginAs) -> None:
    assert saved(login_as)[0] == 303
    author, edit = login_as(Role.AUTHOR, "other"), f"/tasks/{SLUG}/edit"
    changed = FILLED | LINES | {"version": "1", "slug": SLUG}
    assert author.submit(edit, **changed).status_code == 303
    page = author.get(f"/tasks/{SLUG}/versions/2").text
    assert "Each recipient its own rows" in page
    assert "Marmara = ayse@example.com, ali@example.com" in page
