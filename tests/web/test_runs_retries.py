"""Running a run again."""

import pytest
from sqlalchemy import select

from tasks.db import reading
from tasks.models import Role, Run, RunState
from tasks.settings import settings
from tasks.stack.ports import free_port
from tests.support.factories import a_run, a_task
from tests.support.valkey import Valkey
from tests.web.conftest import Browser, LoginAs


@pytest.fixture(autouse=True)
def broker(valkey_server: Valkey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATOR_BROKER_URL", valkey_server.url)
    settings.cache_clear()


def the_runs() -> list[Run]:
    with reading() as session:
        return list(session.scalars(select(Run).order_by(Run.id)))


def test_it_promises_a_new_run_for_the_same_instant(operator: Browser) -> None:
    run = a_run(state=RunState.FAILED)
    answer = operator.submit(f"/runs/{run.id}/retries", page=f"/runs/{run.id}", request_key="k")
    _, again = the_runs()
    assert (answer.status_code, answer.location) == (303, f"/runs/{again.id}")
    assert (again.retry_of_id, again.scheduled_for) == (run.id, run.scheduled_for)
    assert again.triggered_by == "operator"


def test_sending_the_form_twice_promises_one_run(operator: Browser) -> None:
    run = a_run(state=RunState.FAILED)
    for _ in range(2):
        operator.submit(f"/runs/{run.id}/retries", page=f"/runs/{run.id}", request_key="k")
    assert len(the_runs()) == 2


def test_a_run_that_waits_cannot_be_repeated(operator: Browser) -> None:
    run = a_run()
    answer = operator.submit(f"/runs/{run.id}/retries", page=f"/runs/{run.id}")
    assert answer.status_code == 409
    assert "has not ended yet" in answer.text


def test_a_task_that_is_off_cannot_run_again(operator: Browser) -> None:
    run = a_run(a_task(is_active=False), state=RunState.FAILED)
    answer = operator.submit(f"/runs/{run.id}/retries", page="/runs")
    assert answer.status_code == 409


def test_a_viewer_may_not_run_again(login_as: LoginAs) -> None:
    run = a_run(state=RunState.FAILED)
    answer = login_as(Role.VIEWER).submit(f"/runs/{run.id}/retries", page="/runs")
    assert answer.status_code == 403
    assert len(the_runs()) == 1


def test_an_unknown_run_is_not_found(operator: Browser) -> None:
    assert operator.submit("/runs/99/retries", page="/runs").status_code == 404


def test_while_the_broker_is_away_the_run_is_kept(
    login_as: LoginAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_BROKER_URL", f"redis://127.0.0.1:{free_port()}/0")
    settings.cache_clear()
    run = a_run(state=RunState.FAILED)
    operator = login_as(Role.OPERATOR)
    answer = operator.submit(f"/runs/{run.id}/retries", page=f"/runs/{run.id}")
    assert answer.status_code == 303
    assert "The broker is away" in operator.get(f"/runs/{the_runs()[-1].id}").text
