"""The controls of each type of parameter: shown, kept as typed, and taken."""

from typing import Any

import pytest
from sqlalchemy import select

from tasks.db import reading
from tasks.models import Role, Run, Schedule, TaskDefinition
from tasks.settings import settings
from tests.support.factories import a_run, a_schedule, a_source, a_task
from tests.support.valkey import Valkey
from tests.web.conftest import LoginAs
from tests.web.test_tasks_editing import FILLED, a_row

RUNS = "/tasks/a-report/runs"
FORM = "/tasks/a-report/runs/new"
PERIOD = {"name": "period", "type": "date_range", "default": "first_of_month/today"}
MONTH = {"name": "month", "type": "month", "label": "Month of sales", "default": "last_month"}
KINDS = {"name": "kinds", "type": "multi_choice", "choices": ["a", "b", "c"], "default": "a, c"}
SINCE = {"name": "since", "type": "since_last_success", "default": "hours_ago(2)"}
ALL = [PERIOD, MONTH, KINDS, SINCE]


@pytest.fixture(autouse=True)
def broker(valkey_server: Valkey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATOR_BROKER_URL", valkey_server.url)
    settings.cache_clear()


def the_run() -> Run:
    with reading() as session:
        return session.scalars(select(Run)).one()


def flat(page: str) -> str:
    return " ".join(page.split())


def ticked(page: str) -> list[str]:
    boxes = flat(page).split('<input name="parameters-kinds" type="checkbox" value="')[1:]
    return [box[0] for box in boxes if " checked" in box.split(">")[0]]


def test_the_form_begins_with_the_defaults(login_as: LoginAs) -> None:
    a_task(parameters=ALL)
    page = flat(login_as(Role.OPERATOR).get(FORM).text)
    assert 'name="parameters-period-first"' in page
    assert 'value="first_of_month"' in page.split('name="parameters-period-first"')[1][:200]
    assert 'value="today"' in page.split('name="parameters-period-last"')[1][:200]
    assert '<option value="last_month" selected>last month (' in page
    assert 'type="month"' in page
    assert ticked(page) == ["a", "c"]
    assert 'value=""' in page.split('name="parameters-since"')[1][:100]


def test_what_is_left_as_it_is_runs_with_the_defaults(login_as: LoginAs) -> None:
    a_task(parameters=ALL)
    login_as(Role.OPERATOR).submit(RUNS, page=FORM)
    assert the_run().parameters == {
        "period": "first_of_month/today",
        "month": "last_month",
        "kinds": ["a", "c"],
        "since": "since_last_success",
    }


def test_what_is_typed_is_taken(login_as: LoginAs) -> None:
    a_task(parameters=ALL)
    fields = {
        "parameters-period-first": "01.02.2026",
        "parameters-period-last": "yesterday",
        "parameters-month": "last_month",
        "parameters-month-month": "2026-01",
        "parameters-kinds": ["", "b", "a"],
        "parameters-since": "2026-01-01 08:00/2026-01-02 08:00",
    }
    assert login_as(Role.OPERATOR).submit(RUNS, page=FORM, **fields).status_code == 303
    assert the_run().parameters == {
        "period": "2026-02-01/yesterday",
        "month": "2026-01",
        "kinds": ["a", "b"],
        "since": "2026-01-01T08:00:00/2026-01-02T08:00:00",
    }


@pytest.mark.parametrize(
    ("fields", "control", "sentence", "kept"),
    [
        (
            {"parameters-period-first": "soon", "parameters-period-last": "today"},
            "period",
            "is not a range of dates",
            'value="soon"',
        ),
        (
            {"parameters-period-first": "2026-01-01", "parameters-period-last": ""},
            "period",
            "is not a range of dates",
            'value="2026-01-01"',
        ),
        (
            {"parameters-month": "", "parameters-month-month": "January"},
            "month",
            "is not a month",
            'value="January"',
        ),
        (
            {"parameters-month": "some_month"},
            "month",
            "is not a month",
            '<option value="some_month" selected>some_month</option>',
        ),
        ({"parameters-kinds": ["", "b", "x"]}, "kinds", "is not one of a, b, c", ""),
        ({"parameters-since": "<b>"}, "since", "is neither since_last", 'value="&lt;b&gt;"'),
    ],
)
def test_what_does_not_fit_stands_beside_its_control_and_is_kept(
    login_as: LoginAs, fields: dict[str, Any], control: str, sentence: str, kept: str
) -> None:
    a_task(parameters=ALL)
    answer = login_as(Role.OPERATOR).submit(RUNS, page=FORM, **fields)
    page = flat(answer.text)
    assert answer.status_code == 422
    assert sentence in page.split(f'id="error-parameters-{control}"')[1].split("</p>")[0]
    assert f'id="field-parameters-{control}"' in page
    assert kept in page
    if control == "kinds":
        assert ticked(page) == ["b"]


def test_none_ticked_is_not_the_default_ticked_again(login_as: LoginAs) -> None:
    a_task(parameters=[KINDS | {"default": ""}])
    answer = login_as(Role.OPERATOR).submit(RUNS, page=FORM, **{"parameters-kinds": ""})
    assert answer.status_code == 422
    assert "kinds is missing" in answer.text
    assert ticked(answer.text) == []


def test_the_words_say_what_they_mean_today_in_the_readers_language(login_as: LoginAs) -> None:
    a_task(parameters=[PERIOD])
    operator = login_as(Role.OPERATOR)
    english = flat(operator.get(FORM).text)
    assert english.count('<option value="') > 30
    assert '<code class="mono">previous_working_day</code>' in english
    turkish = flat(operator.get(FORM, headers={"Accept-Language": "tr"}).text)
    assert '<option value="first_of_month">bu ayın ilk günü: ' in turkish


def test_a_task_without_dates_shows_no_words(login_as: LoginAs) -> None:
    a_task(parameters=[KINDS])
    assert "previous_working_day" not in login_as(Role.OPERATOR).get(FORM).text


def test_a_schedule_gives_them_too_and_shows_them_again(login_as: LoginAs) -> None:
    task = a_task(parameters=ALL)
    schedule = a_schedule(task)
    edit = f"/schedules/{schedule.id}/edit"
    operator = login_as(Role.ADMIN)
    sent = {
        "task": task.slug,
        "version": "1",
        "pattern": "cron",
        "cron": "* * * * *",
        "timezone": "UTC",
        "on_holiday": "run",
        "catch_up": "last",
        "parameters-period-first": "yesterday",
        "parameters-period-last": "today",
        "parameters-month": "this_month",
        "parameters-month-month": "",
        "parameters-kinds": ["", "b"],
        "parameters-since": "",
    }
    answer = operator.submit(edit, page=edit, **sent)
    assert answer.status_code == 303, answer.text
    with reading() as session:
        kept = session.get_one(Schedule, schedule.id).parameters
    assert kept == {"period": "yesterday/today", "month": "this_month", "kinds": ["b"]}
    page = flat(operator.get(edit).text)
    assert ticked(page) == ["b"]
    assert '<option value="this_month" selected>' in page
    assert "yesterday/today" in operator.get(f"/schedules/{schedule.id}").text


def test_the_page_of_a_run_says_the_days_that_were_meant(login_as: LoginAs) -> None:
    task = a_task(parameters=ALL)
    given = {
        "period": "2026-02-01/2026-02-28",
        "month": "2026-01",
        "kinds": ["a", "b"],
        "since": "since_last_success",
    }
    page = flat(login_as(Role.VIEWER).get(f"/runs/{a_run(task, parameters=given).id}").text)
    assert "Feb 1, 2026 – Feb 28, 2026" in page
    assert "Jan 1, 2026 – Jan 31, 2026" in page
    assert "a, b" in page
    assert "from the last success" in page


def test_what_only_the_source_can_tell_is_said_in_words_until_the_run_has_read(
    login_as: LoginAs,
) -> None:
    period = {"name": "period", "type": "date_range", "label": "Period"}
    task = a_task(parameters=[period, MONTH])
    given = {"period": "posting_period_start/today", "month": "2026-01"}
    viewer = login_as(Role.VIEWER)
    waiting = flat(viewer.get(f"/runs/{a_run(task, parameters=given).id}").text)
    assert "first day of the posting period – today" in waiting
    assert "Jan 1, 2026 – Jan 31, 2026" in waiting
    resolved = given | {"period": "2026-03-01/2026-03-16"}
    read = a_run(task, parameters=given, resolved=resolved)
    assert "Mar 1, 2026 – Mar 16, 2026" in flat(viewer.get(f"/runs/{read.id}").text)


def test_a_task_can_be_defined_with_bounds_and_ranges(login_as: LoginAs) -> None:
    a_source()
    rows = a_row(0, name="day", maximum="today") | a_row(1, name="kinds", type="multi_choice")
    rows |= {"parameters-1-choices": "a, b"} | a_row(2, name="p", type="date_range")
    sql = "SELECT 1 AS A FROM DUMMY WHERE :p_from < :p_to AND 'a' IN (:kinds)"
    answer = login_as(Role.AUTHOR).submit(
        "/tasks", page="/tasks/new", **FILLED | rows | {"sql": sql}
    )
    assert answer.status_code == 303, answer.text
    with reading() as session:
        (task,) = session.scalars(select(TaskDefinition))
    assert [one["type"] for one in task.parameters] == ["date", "multi_choice", "date_range"]
    assert task.parameters[0]["maximum"] == "today"


@pytest.mark.parametrize(
    ("rows", "control", "sentence"),
    [
        (a_row(0, minimum="x"), "parameters-0-minimum", "cannot be a bound"),
        (
            a_row(0, name="p", type="month") | a_row(1, name="p_from"),
            "parameters-0-name",
            "defined twice",
        ),
    ],
)
def test_a_definition_that_cannot_be_is_refused_beside_its_control(
    login_as: LoginAs, rows: dict[str, str], control: str, sentence: str
) -> None:
    a_source()
    answer = login_as(Role.AUTHOR).submit("/tasks", page="/tasks/new", **FILLED | rows)
    assert answer.status_code == 422
    assert sentence in answer.text.split(f'id="error-{control}"')[1].split("</p>")[0]


@pytest.mark.parametrize("first_number", [0, 2_000])
def test_more_rows_than_a_task_can_have_are_refused_and_none_is_lost(
    login_as: LoginAs, first_number: int
) -> None:
    a_source()
    rows: dict[str, str] = {}
    for number in range(51):
        rows |= a_row(first_number + number, name=f"p{number}")
    answer = login_as(Role.AUTHOR).submit("/tasks", page="/tasks/new", **FILLED | rows)
    assert answer.status_code == 422
    beside = answer.text.split('id="error-parameters-50-name"')[1].split("</p>")[0]
    assert "A task has at most 50 parameters" in beside
    assert all(f'value="p{number}"' in answer.text for number in range(51))
