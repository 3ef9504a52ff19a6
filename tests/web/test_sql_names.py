"""The names that the SQL editor completes: for whom, how many, and when the source is away."""

from pathlib import Path

import pytest

from tasks.models import Role
from tasks.sources.catalogue import forget
from tests.support.factories import a_source, a_task
from tests.web.conftest import Browser, LoginAs
from tests.web.sql_support import every_place_taken, the_demo_company
from webui.static_files import find

STATIC = Path(__file__).parents[2] / "static"
HEAVIEST_EDITOR = 131_000
"""Bytes of CodeMirror over the wire."""


@pytest.fixture(autouse=True)
def _asked_anew() -> None:
    forget()


@pytest.fixture
def author(login_as: LoginAs) -> Browser:
    return login_as(Role.AUTHOR)


@pytest.fixture
def demo(sqlite_database: str, home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    the_demo_company(home, tmp_path_factory.getbasetemp())


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR, Role.EDITOR])
def test_only_authors_see_names(login_as: LoginAs, role: Role) -> None:
    a_source()
    browser = login_as(role)
    for path in ("/sql/names?source=demo", "/sql/names/OINV?source=demo"):
        assert browser.get(path).status_code == 403


def test_a_guest_is_asked_to_log_in(client: Browser) -> None:
    assert "/login" in (client.get("/sql/names?source=demo").location or "")


@pytest.mark.usefixtures("demo")
def test_tables_are_told_with_what_people_call_them(author: Browser) -> None:
    answer = author.get("/sql/names?source=demo")
    content = answer.get_json()
    assert content["schema"] == "SBODEMOTR"
    assert dict(content["tables"])["OINV"] == "A/R invoice"
    assert "ADD_DAYS" in content["functions"]
    assert content["why"] == ""
    assert answer.headers["Cache-Control"] == "private, max-age=300"


@pytest.mark.usefixtures("demo")
def test_tables_are_called_in_the_readers_language(author: Browser) -> None:
    author.set_cookie("language", "tr")
    assert (
        dict(author.get("/sql/names?source=demo").get_json()["tables"])["OINV"] == "Satış faturası"
    )


@pytest.mark.usefixtures("demo")
def test_the_columns_of_a_table_are_told_with_their_types(author: Browser) -> None:
    columns = author.get("/sql/names/OINV?source=demo").get_json()["columns"]
    assert columns[0] == ["DocEntry", "INTEGER"]


@pytest.mark.usefixtures("demo")
def test_a_table_with_a_slash_or_without_columns_is_no_page(author: Browser) -> None:
    assert author.get("/sql/names/a/b?source=demo").status_code == 404


def test_a_source_that_is_away_is_told_and_not_kept(author: Browser) -> None:
    a_source("nowhere.duckdb")
    answer = author.get("/sql/names?source=demo")
    content = answer.get_json()
    assert (answer.status_code, content["tables"]) == (200, [])
    assert "cannot be opened" in content["why"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("demo")
def test_names_wait_for_a_place_and_what_is_known_needs_none(author: Browser) -> None:
    with every_place_taken():
        answer = author.get("/sql/names?source=demo")
        assert answer.get_json()["tables"] == []
        assert "Others are trying queries just now." in answer.get_json()["why"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert author.get("/sql/names/OINV?source=demo").status_code == 409
    assert author.get("/sql/names?source=demo").get_json()["why"] == ""
    with every_place_taken():
        assert author.get("/sql/names/OINV?source=demo").status_code == 200


def test_the_editor_is_light_enough_and_only_where_sql_is_written(author: Browser) -> None:
    bundle = find(STATIC, "vendor/codemirror.min.js")
    assert bundle is not None
    assert len(bundle.compressed or b"") <= HEAVIEST_EDITOR
    assert "codemirror" not in author.get("/tasks").text
    assert "codemirror" not in author.get("/tasks/new?job=http_call").text
    assert "codemirror" in author.get("/tasks/new?job=report").text


def test_whoever_may_not_write_sql_loads_no_editor(editor: Browser) -> None:
    a_source()
    a_task()
    page = editor.get("/tasks/a-report/edit").text
    assert "codemirror" not in page
    assert "/sql/" not in page
