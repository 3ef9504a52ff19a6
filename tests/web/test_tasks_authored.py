"""What of a report only an author decides, beside its SQL: its source, and its companies."""

from typing import Any

import pytest
from sqlalchemy import select

from tasks.db import reading
from tasks.models import Role, TaskDefinition
from tests.support.factories import a_source, a_task
from tests.web.conftest import LoginAs
from tests.web.test_tasks_editing import FILLED, a_row

EDIT = "/tasks/a-report/edit"
SQL = "SELECT 1 AS A FROM {schema}.DUMMY"
COMPANY: dict[str, Any] = {"name": "firm", "type": "company", "choices": ["SBO_A", "SBO_B"]}
ROW = {
    "name": "firm",
    "type": "company",
    "label": "Firm",
    "choices": "SBO_A, SBO_B",
    "default": "",
    "required": "1",
}
SENT = FILLED | {"version": "1", "sql": SQL, "source": "demo"}


@pytest.fixture(autouse=True)
def sources(app: object) -> None:
    a_source()
    a_source(slug="payroll")
    a_task(settings={"source": "demo", "sql": SQL}, parameters=[COMPANY])


def the_task() -> TaskDefinition:
    with reading() as session:
        return session.scalars(select(TaskDefinition).filter_by(slug="a-report")).one()


def test_an_editor_leaves_the_source_and_the_companies_as_they_are(login_as: LoginAs) -> None:
    editor = login_as(Role.EDITOR)
    page = editor.get(EDIT).text
    assert 'value="payroll"' not in page
    assert "Only an author may choose another source for this SQL." in page
    answer = editor.submit(EDIT, **SENT | a_row(0, **ROW))
    assert answer.status_code == 303, answer.text
    (kept,) = the_task().parameters
    assert (kept["label"], kept["choices"]) == ("Firm", ["SBO_A", "SBO_B"])


def test_an_editor_takes_no_other_source_for_the_sql_of_an_author(login_as: LoginAs) -> None:
    changed = SENT | {"source": "payroll"} | a_row(0, **ROW)
    copied = changed | {"copy": "a-report", "slug": "a-copy", "version": "0"}
    editor = login_as(Role.EDITOR)
    assert editor.submit(EDIT, **changed).status_code == 403
    answer = editor.submit("/tasks", page="/tasks/new?copy=a-report", **copied)
    assert answer.status_code == 403
    assert "Only an author may choose another source for this SQL." in answer.text
    copy = copied | {"source": "demo"}
    assert editor.submit("/tasks", page="/tasks/new?copy=a-report", **copy).status_code == 303
    assert login_as(Role.AUTHOR).submit(EDIT, **changed).status_code == 303
    assert the_task().settings["source"] == "payroll"


@pytest.mark.parametrize(
    "changed",
    [
        {"choices": "SBO_A, SBO_B, SBO_SECRET"},
        {"choices": ""},
        {"type": "companies"},
        {"type": "text", "choices": ""},
    ],
)
def test_an_editor_changes_no_company_that_may_be_chosen(
    login_as: LoginAs, changed: dict[str, str]
) -> None:
    row = a_row(0, **ROW | changed)
    refused = login_as(Role.EDITOR).submit(EDIT, **SENT | row)
    assert refused.status_code == 403
    assert "Only an author may change which companies can be chosen." in refused.text
    assert the_task().version == 1
    assert login_as(Role.AUTHOR).submit(EDIT, **SENT | row).status_code == 303


def test_an_editor_takes_no_parameter_for_companies_away(login_as: LoginAs) -> None:
    assert login_as(Role.EDITOR).submit(EDIT, **SENT).status_code == 403
