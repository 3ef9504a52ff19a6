"""A query of choices in the form of a task: who may write one, and what is refused."""

import pytest
from sqlalchemy import select

from tasks.db import reading
from tasks.models import Role, TaskDefinition
from tasks.reports.choice_presets import QUERIES, Preset
from tests.support.factories import a_task
from tests.web.choices_support import CUSTOMER
from tests.web.choices_support import source as source  # a fixture
from tests.web.conftest import LoginAs
from tests.web.test_tasks_editing import FILLED, a_row


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
