"""Sending a delivery again."""

import pytest

from tasks.db import reading
from tasks.models import Delivery, DeliveryState, Role, RunState
from tasks.settings import settings
from tests.support.factories import a_run
from tests.support.valkey import Valkey
from tests.web.conftest import LoginAs
from tests.web.runs_support import a_delivery


@pytest.fixture(autouse=True)
def broker(valkey_server: Valkey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATOR_BROKER_URL", valkey_server.url)
    settings.cache_clear()


def state_of(delivery: Delivery) -> DeliveryState:
    with reading() as session:
        return session.get_one(Delivery, delivery.id).state


def test_a_failed_delivery_is_queued_again(login_as: LoginAs) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    delivery = a_delivery(run, state=DeliveryState.FAILED, error="550 No such user")
    operator = login_as(Role.OPERATOR)
    assert "550 No such user" in operator.get(f"/runs/{run.id}").text
    answer = operator.submit(f"/deliveries/{delivery.id}/retries", page=f"/runs/{run.id}")
    assert (answer.status_code, answer.location) == (303, f"/runs/{run.id}")
    assert state_of(delivery) is DeliveryState.QUEUED


def test_a_delivery_that_arrived_is_not_sent_again(login_as: LoginAs) -> None:
    delivery = a_delivery(a_run(state=RunState.SUCCEEDED), state=DeliveryState.DELIVERED)
    answer = login_as(Role.OPERATOR).submit(f"/deliveries/{delivery.id}/retries", page="/runs")
    assert answer.status_code == 409
    assert "has arrived in the meantime" in answer.text


def test_a_viewer_may_not_send_again(login_as: LoginAs) -> None:
    delivery = a_delivery(a_run(state=RunState.SUCCEEDED), state=DeliveryState.FAILED)
    answer = login_as(Role.VIEWER).submit(f"/deliveries/{delivery.id}/retries", page="/runs")
    assert answer.status_code == 403
    assert state_of(delivery) is DeliveryState.FAILED


def test_an_unknown_delivery_is_not_found(login_as: LoginAs) -> None:
    answer = login_as(Role.OPERATOR).submit("/deliveries/99/retries", page="/runs")
    assert answer.status_code == 404
