"""Running a task now: with one click, with parameters, once however often it is sent."""

from typing import Any

import pytest
from sqlalchemy import select

from tasks.db import reading
from tasks.models import Role, Run, RunState, Trigger
from tasks.settings import settings
from tasks.stack.ports import free_port
from tests.support.factories import a_run, a_task
from tests.support.valkey import Valkey
from tests.web.conftest import LoginAs

RUNS = "/tasks/a-report/runs"
FORM = "/tasks/a-report/runs/new"
PARAMETERS: list[dict[str, Any]] = [
    {"name": "day", "type": "date", "label": "Day", "default": "today"},
    {"name": "kind", "type": "choice", "choices": ["all", "late"], "label": "Kind"},
    {"name": "open", "type": "boolean", "required": False, "label": "Open"},
    {"name": "least", "type": "decimal", "required": False, "label": "Least"},
]


@pytest.fixture(autouse=True)
def broker(valkey_server: Valkey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATOR_BROKER_URL", valkey_server.url)
    settings.cache_clear()


def the_runs() -> list[Run]:
    with reading() as session:
        return list(session.scalars(select(Run).order_by(Run.id)))


def test_a_task_without_parameters_runs_by_one_click_from_the_list(login_as: LoginAs) -> None:
    a_task()
    operator = login_as(Role.OPERATOR)
    assert f'action="{RUNS}"' in operator.get("/tasks").text
    answer = operator.submit(RUNS, page="/tasks", request_key="k")
    (run,) = the_runs()
    assert (answer.status_code, answer.location) == (303, f"/runs/{run.id}")
    assert (run.trigger, run.triggered_by) == (Trigger.PERSON, "operator")
    assert run.published_at is not None


def test_a_task_with_parameters_asks_for_them_first(login_as: LoginAs) -> None:
    a_task(parameters=PARAMETERS)
    operator = login_as(Role.OPERATOR)
    assert f'href="{FORM}"' in operator.get("/tasks").text
    page = operator.get(FORM).text
    for control in ("day", "kind", "open", "least"):
        assert f'name="parameters-{control}"' in page
    assert 'value="today"' in page
    assert 'value="first_of_last_month"' in page


def test_the_parameters_are_kept_as_typed_in_their_types(login_as: LoginAs) -> None:
    a_task(parameters=PARAMETERS)
    sent = {"day": "31.01.2026", "kind": "late", "open": "yes", "least": "12,5"}
    fields = {f"parameters-{name}": value for name, value in sent.items()}
    login_as(Role.OPERATOR).submit(RUNS, page=FORM, **fields)
    (run,) = the_runs()
    assert run.parameters == {"day": "2026-01-31", "kind": "late", "open": True, "least": "12.5"}


def test_a_double_click_gives_one_run(login_as: LoginAs) -> None:
    a_task()
    operator = login_as(Role.OPERATOR)
    answers = [operator.submit(RUNS, page="/tasks", request_key="k") for _ in range(2)]
    assert answers[0].location == answers[1].location
    assert len(the_runs()) == 1


def test_each_page_has_a_key_of_its_own(login_as: LoginAs) -> None:
    a_task(parameters=PARAMETERS)
    operator = login_as(Role.OPERATOR)
    keys = {operator.get(FORM).text.split('name="request_key" value="')[1][:16] for _ in range(3)}
    assert len(keys) == 3


def test_what_does_not_fit_stands_beside_its_control_and_is_kept(login_as: LoginAs) -> None:
    a_task(parameters=PARAMETERS)
    fields = {"parameters-day": "yesterday-ish", "parameters-kind": "late"}
    answer = login_as(Role.OPERATOR).submit(RUNS, page=FORM, **fields)
    assert answer.status_code == 422
    assert "is not a date" in answer.text.split('id="error-parameters-day"')[1]
    assert 'value="yesterday-ish"' in answer.text
    assert '<option value="late" selected' in " ".join(answer.text.split())
    assert the_runs() == []


def test_the_last_parameters_are_offered_again(login_as: LoginAs) -> None:
    task = a_task(parameters=PARAMETERS)
    for day in ("2026-01-01", "2026-02-01", "2026-02-01"):
        run = a_run(task, state=RunState.SUCCEEDED, parameters={"day": day, "kind": "late"})
    operator = login_as(Role.OPERATOR)
    page = operator.get(FORM).text
    assert page.count("?like=") == 2
    assert "Day: 2026-02-01, Kind: late" in page
    assert 'value="2026-02-01"' in operator.get(f"{FORM}?like={run.id}").text


def test_the_parameters_of_another_task_are_not_taken(login_as: LoginAs) -> None:
    a_task(parameters=PARAMETERS)
    other = a_run(a_task("other", parameters=PARAMETERS), parameters={"day": "2020-02-02"})
    assert "2020-02-02" not in login_as(Role.OPERATOR).get(f"{FORM}?like={other.id}").text


def test_a_task_that_is_off_does_not_run(login_as: LoginAs) -> None:
    a_task(is_active=False)
    answer = login_as(Role.OPERATOR).submit(RUNS, page="/tasks", request_key="k")
    assert answer.status_code == 409
    assert "is off. Switch it on before you run it." in answer.text
    assert the_runs() == []


def test_a_viewer_may_not_run_a_task(login_as: LoginAs) -> None:
    a_task()
    viewer = login_as(Role.VIEWER)
    assert viewer.get(FORM).status_code == 403
    assert viewer.submit(RUNS, page="/tasks").status_code == 403
    assert the_runs() == []


def test_an_unknown_task_cannot_be_run(login_as: LoginAs) -> None:
    operator = login_as(Role.OPERATOR)
    assert operator.get("/tasks/nothing/runs/new").status_code == 404
    assert operator.submit("/tasks/nothing/runs", page="/tasks").status_code == 404


def test_without_a_broker_the_run_is_kept_and_the_page_says_so(
    login_as: LoginAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_BROKER_URL", f"redis://127.0.0.1:{free_port()}/0")
    settings.cache_clear()
    a_task()
    operator = login_as(Role.OPERATOR)
    assert operator.submit(RUNS, page="/tasks", request_key="k").status_code == 303
    (run,) = the_runs()
    assert (run.state, run.published_at) == (RunState.QUEUED, None)
    assert "The broker is away; the run is kept" in operator.get("/tasks").text
