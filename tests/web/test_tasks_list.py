"""The list of tasks: what ran, what comes, and finding one."""

from datetime import timedelta

from tasks.clock import utcnow
from tasks.models import Role, RunState
from tests.support.factories import a_run, a_schedule, a_task
from tests.web.conftest import LoginAs


def test_without_tasks_the_list_says_what_a_task_is_and_how_to_define_one(
    login_as: LoginAs,
) -> None:
    page = login_as(Role.AUTHOR).get("/tasks").text
    assert "No tasks yet" in page
    assert 'href="/tasks/new"' in page


def test_a_viewer_is_not_offered_what_only_an_editor_may(login_as: LoginAs) -> None:
    a_task()
    page = login_as(Role.VIEWER).get("/tasks").text
    assert "A Report" in page
    assert "/tasks/new" not in page
    assert "/tasks/a-report/runs" not in page


def test_a_task_shows_its_last_state_and_what_comes(login_as: LoginAs) -> None:
    task = a_task(description="For the board")
    a_schedule(task, next_due_at=utcnow() + timedelta(days=1))
    a_run(task, state=RunState.SUCCEEDED)
    last = a_run(task, state=RunState.FAILED)
    page = login_as(Role.VIEWER).get("/tasks").text
    assert "For the board" in page
    assert f'href="/runs/{last.id}"' in page
    assert "badge--failed" in page
    assert "badge--succeeded" not in page
    assert "<time" in page


def test_the_strip_holds_the_last_twenty_runs_of_each_task(login_as: LoginAs) -> None:
    many, few = a_task("many"), a_task("few")
    runs = [a_run(many, state=RunState.SUCCEEDED).id for _ in range(23)]
    other = a_run(few, state=RunState.FAILED).id
    page = login_as(Role.VIEWER).get("/tasks").text
    shown = [run for run in runs if f'href="/runs/{run}"' in page]
    assert shown == runs[3:]
    assert f'href="/runs/{other}"' in page


def test_the_search_knows_turkish_letters(login_as: LoginAs) -> None:
    a_task("isler", title="İŞLER ve Çıkışlar")
    a_task("stock", title="Stock")
    viewer = login_as(Role.VIEWER)
    for typed in ("işler", "isler", "İSLER çıkış", "CIKIS"):
        page = viewer.get("/tasks", query_string={"q": typed}).text
        assert "İŞLER ve Çıkışlar" in page
        assert "/tasks/stock" not in page


def test_a_search_that_finds_nothing_says_so_and_leads_back(login_as: LoginAs) -> None:
    a_task()
    page = login_as(Role.VIEWER).get("/tasks?q=zebra").text
    assert "No task fits" in page
    assert "Show all tasks" in page


def test_the_list_goes_on_after_fifty_tasks(login_as: LoginAs) -> None:
    for number in range(52):
        a_task(f"report-{number:02}")
    viewer = login_as(Role.VIEWER)
    first = viewer.get("/tasks").text
    assert "/tasks/report-49" in first
    assert "/tasks/report-50" not in first
    second = viewer.get("/tasks?after=report-49").text
    assert "/tasks/report-51" in second
    assert 'href="/tasks/report-49"' not in second


def test_a_task_that_is_off_cannot_be_run_from_the_list(login_as: LoginAs) -> None:
    a_task(is_active=False)
    page = login_as(Role.OPERATOR).get("/tasks").text
    assert "task-row--off" in page
    assert 'action="/tasks/a-report/runs"' not in page
