"""The page that compares two runs of a task, row by row."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from tasks.models import ArtifactRole, Role, TaskDefinition
from tasks.settings import settings
from tests.support.reported import FIRST, TableRow, a_report, files, made, the_table
from tests.web.conftest import LoginAs
from webui.runs.difference_shown import PLACES

NEXT: list[TableRow] = [(2, "Bora", "21.50"), (3, "<b>Can</b>", "1030.00"), (3, None, "5.00")]


@pytest.fixture
def task(app: object, home: Path) -> TaskDefinition:
    """A report that keeps its rows, over a table of two rows."""
    the_table(home, FIRST)
    return a_report(difference={"keys": ["CODE"]})


def test_two_runs_are_compared_with_the_last_delivered_one_at_first(
    task: TaskDefinition, home: Path, login_as: LoginAs
) -> None:
    first = made(task)
    the_table(home, NEXT)
    second = made(task)
    page = login_as(Role.VIEWER).get(f"/runs/{second.id}/difference").text
    assert f"#{first.id}" in page
    assert "&lt;b&gt;Can&lt;/b&gt;" in page
    assert "<b>Can</b>" not in page
    assert "Ayşe" in page
    changed = page.split("Changed cells", 1)[1]
    assert changed.index("BALANCE") < changed.index("20.00") < changed.index("21.50")
    assert "Keys in more than one row: 0 before, 1 now." in page


def test_any_other_run_of_the_task_can_be_chosen(
    task: TaskDefinition, home: Path, login_as: LoginAs
) -> None:
    runs = [made(task), made(task, arrived=False)]
    the_table(home, NEXT)
    runs.append(made(task))
    viewer = login_as(Role.VIEWER)
    page = viewer.get(f"/runs/{runs[0].id}/difference?against={runs[1].id}").text
    assert "Nothing is different" in page
    assert f'value="{runs[2].id}"' in page


def test_a_run_of_another_task_cannot_be_chosen(
    task: TaskDefinition, home: Path, login_as: LoginAs
) -> None:
    from tests.support.factories import a_task

    mine = made(task)
    other = made(a_task("other", settings=task.settings))
    answer = login_as(Role.VIEWER).get(f"/runs/{mine.id}/difference?against={other.id}")
    assert answer.status_code == 404


def test_a_run_without_kept_rows_says_so(home: Path, app: object, login_as: LoginAs) -> None:
    the_table(home, FIRST)
    run = made(a_report())
    viewer = login_as(Role.VIEWER)
    assert "There is nothing to compare with" in viewer.get(f"/runs/{run.id}/difference").text
    assert f"/runs/{run.id}/difference" not in viewer.get(f"/runs/{run.id}").text


def test_the_page_of_a_run_leads_to_it(task: TaskDefinition, login_as: LoginAs) -> None:
    run = made(task)
    assert f'href="/runs/{run.id}/difference"' in login_as(Role.VIEWER).get(f"/runs/{run.id}").text


def test_only_some_threads_wait_for_a_comparison(task: TaskDefinition, login_as: LoginAs) -> None:
    made(task)
    run, viewer = made(task), login_as(Role.VIEWER)
    with ExitStack() as others:
        for _ in range(3):
            others.enter_context(PLACES)
        page = viewer.get(f"/runs/{run.id}/difference").text
        assert "Other runs are being compared now" in page
    assert "Other runs are being compared now" not in viewer.get(f"/runs/{run.id}/difference").text


def test_rows_that_are_gone_are_told(task: TaskDefinition, login_as: LoginAs) -> None:
    first, second = made(task), made(task)
    (kept,) = files(first, ArtifactRole.ROWS)
    (settings().artifacts_dir / kept.path).unlink()
    page = login_as(Role.VIEWER).get(f"/runs/{second.id}/difference").text
    assert "is no longer there" in page


def test_a_column_that_came_between_is_told_and_not_compared(
    task: TaskDefinition, home: Path, login_as: LoginAs
) -> None:
    from tasks.db import transaction

    first = made(task)
    with transaction() as session:
        row = session.get_one(TaskDefinition, task.id)
        sql = 'SELECT "CODE", "NAME", "BALANCE" AS "AMOUNT" FROM "T" ORDER BY "CODE"'
        row.settings = row.settings | {"sql": sql}
    second = made(task)
    page = login_as(Role.VIEWER).get(f"/runs/{second.id}/difference?against={first.id}").text
    assert "New columns, which were not compared: AMOUNT." in page
    assert "Columns that are gone: BALANCE." in page


def test_a_run_that_is_not_there_is_not_found(login_as: LoginAs) -> None:
    assert login_as(Role.VIEWER).get("/runs/999/difference").status_code == 404


def test_nobody_sees_it_without_a_login(client: object) -> None:
    answer = client.get("/runs/1/difference")  # type: ignore[attr-defined]
    assert answer.status_code in (302, 303)
