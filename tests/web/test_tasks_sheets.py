"""The further queries of a report in its form, which work without a script."""

from typing import Any

import pytest

from tasks.models import Role
from tests.support.factories import a_source, a_task
from tests.web.conftest import LoginAs
from tests.web.test_tasks_editing import FILLED, SQL, the_task

SHEET = {"sheets-0-title": "Details", "sheets-0-sql": "SELECT 2 AS B FROM DUMMY"}
NEW: dict[str, Any] = (
    FILLED | SHEET | {"formats": ["xlsx", "pdf"], "slug": "sheets", "pdf_max_rows": "200"}
)
EDIT = "/tasks/sheets/edit"


def test_a_further_query_is_kept_and_shown_again(login_as: LoginAs) -> None:
    a_source()
    author = login_as(Role.AUTHOR)
    assert author.submit("/tasks", page="/tasks/new", **NEW | {"gzip": "on"}).status_code == 303
    settings = the_task("sheets").settings
    assert settings["sheets"] == [{"title": "Details", "sql": SHEET["sheets-0-sql"]}]
    assert (settings["gzip"], settings["pdf_max_rows"]) == (True, 200)
    page = author.get(EDIT).text
    assert 'value="Details"' in page
    assert "SELECT 2 AS B FROM DUMMY" in page
    shown = author.get("/tasks/sheets").text
    assert "Further queries" in shown
    assert "SELECT 2 AS B FROM DUMMY" in shown


def test_rows_are_added_and_removed_by_buttons(login_as: LoginAs) -> None:
    a_source()
    author = login_as(Role.AUTHOR)
    page = author.submit("/tasks", page="/tasks/new", **NEW | {"add_sheet": "1"}).text
    assert 'name="sheets-1-title"' in page
    two = NEW | {"sheets-4-title": "Other", "sheets-4-sql": SQL, "remove_sheet": "0"}
    page = author.submit("/tasks", page="/tasks/new", **two).text
    assert 'value="Other"' in page
    assert 'value="Details"' not in page
    assert 'name="sheets-1-title"' not in page


@pytest.mark.parametrize(
    ("wrong", "control", "sentence"),
    [
        ({"sheets-0-title": ""}, "sheets-0-title", "Title"),
        ({"sheets-0-sql": "DELETE FROM OCRD"}, "sheets-0-sql", "Line 1"),
        ({"sheets-0-sql": "SELECT :day AS A FROM DUMMY"}, "sheets-0-sql", ":day"),
        ({"formats": ["xlsx", "csv"]}, "formats", "one table only"),
        ({"pdf_max_rows": "50001"}, "pdf_max_rows", ""),
    ],
)
def test_what_is_wrong_is_said_beside_its_control(
    login_as: LoginAs, wrong: dict[str, object], control: str, sentence: str
) -> None:
    a_source()
    answer = login_as(Role.AUTHOR).submit("/tasks", page="/tasks/new", **NEW | wrong)
    page = answer.text
    assert answer.status_code == 422
    assert f'id="error-{control}"' in page
    assert sentence in page


def test_an_editor_may_not_write_a_further_query(login_as: LoginAs) -> None:
    a_source()
    sheets = [{"title": "Details", "sql": SHEET["sheets-0-sql"]}]
    a_task(slug="sheets", settings={"source": "demo", "sql": SQL, "sheets": sheets})
    editor = login_as(Role.EDITOR)
    kept = {name: value for name, value in NEW.items() if name != "sql"} | {"version": "1"}
    for sent in (
        {"sheets-0-sql": "SELECT 3 AS B FROM DUMMY"},
        {"sheets-1-title": "More", "sheets-1-sql": SQL + " WHERE 1 = 1"},
    ):
        assert editor.submit(EDIT, **kept | sent).status_code == 403
    assert the_task("sheets").settings["sheets"] == sheets
    assert editor.submit(EDIT, **kept | {"sheets-0-title": "Named"}).status_code == 303
    assert the_task("sheets").settings["sheets"][0]["title"] == "Named"
    page = editor.get(EDIT).text
    assert "readonly" in page
    assert 'name="add_sheet"' not in page
