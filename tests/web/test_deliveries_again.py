"""Sending again: some, all, and one that has arrived."""

import pytest

from tasks.db import reading, transaction
from tasks.models import Delivery, DeliveryState, Role, RunState
from tasks.settings import settings
from tests.support.factories import a_run
from tests.support.valkey import Valkey
from tests.web.conftest import LoginAs
from tests.web.runs_support import a_delivery

FAILED, UNCERTAIN = DeliveryState.FAILED, DeliveryState.UNCERTAIN
DELIVERED, QUEUED = DeliveryState.DELIVERED, DeliveryState.QUEUED


@pytest.fixture(autouse=True)
def broker(valkey_server: Valkey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATOR_BROKER_URL", valkey_server.url)
    settings.cache_clear()


def states(*deliveries: Delivery) -> list[DeliveryState]:
    with reading() as session:
        return [session.get_one(Delivery, one.id).state for one in deliveries]


def three(login: str = "") -> list[Delivery]:
    run = a_run(state=RunState.SUCCEEDED)
    return [
        a_delivery(run, recipient=f"{state}@acme.tr", state=state, delivered_at=run.queued_at)
        for state in (FAILED, UNCERTAIN, DELIVERED)
    ]


def test_the_chosen_ones_go_again(login_as: LoginAs) -> None:
    first, second, third = three()
    operator, page = login_as(Role.OPERATOR), f"/runs/{first.run_id}"
    assert f'value="{second.id}"' in operator.get(page).text
    answer = operator.submit(
        "/deliveries/retries", page=page, run=first.run_id, delivery=[second.id, third.id]
    )
    assert (answer.status_code, answer.location) == (303, page)
    assert states(first, second, third) == [FAILED, QUEUED, DELIVERED]


def test_all_that_failed_go_again(login_as: LoginAs) -> None:
    first, second, third = three()
    page = f"/runs/{first.run_id}"
    sent = {"run": first.run_id, "which": "all"}
    assert login_as(Role.OPERATOR).submit("/deliveries/retries", page=page, **sent).location == page
    assert states(first, second, third) == [QUEUED, QUEUED, DELIVERED]


def test_to_choose_none_is_told(login_as: LoginAs) -> None:
    first, *_ = three()
    answer = login_as(Role.OPERATOR).submit("/deliveries/retries", page=f"/runs/{first.run_id}")
    assert answer.status_code == 422
    assert "Choose at least one delivery" in answer.text


@pytest.mark.parametrize("delivery", ["-1", "0", "9" * 30, "x", "1 OR 1=1"])
def test_what_is_no_delivery_sends_nothing(login_as: LoginAs, delivery: str) -> None:
    first, *_ = three()
    answer = login_as(Role.OPERATOR).submit("/deliveries/retries", page="/runs", delivery=delivery)
    assert answer.status_code in (404, 422)
    assert states(first) == [FAILED]


def test_what_arrived_goes_again_only_after_a_question(login_as: LoginAs) -> None:
    *_, third = three()
    operator = login_as(Role.OPERATOR)
    question = f"/deliveries/{third.id}/copies/new"
    assert question in operator.get(f"/runs/{third.run_id}").text
    assert "It was delivered on" in operator.get(question).text
    assert states(third) == [DELIVERED]
    answer = operator.submit(f"/deliveries/{third.id}/copies", page=question, tries=0)
    assert answer.status_code == 303
    with reading() as session:
        again = session.get_one(Delivery, third.id)
    assert (again.state, again.message_id) == (QUEUED, third.message_id)
    assert "asked to send it again" in again.reason


def test_of_two_who_ask_for_a_copy_one_is_heard(login_as: LoginAs) -> None:
    *_, third = three()
    question, copies = f"/deliveries/{third.id}/copies/new", f"/deliveries/{third.id}/copies"
    operator = login_as(Role.OPERATOR)
    assert f'name="tries" value="{third.tries}"' in operator.get(question).text
    assert operator.submit(copies, page=question, tries=0).status_code == 303
    assert operator.submit(copies, page=question, tries=0).status_code == 409
    with transaction() as session:  # it has arrived once more before the second one asks
        sent = session.get_one(Delivery, third.id)
        sent.state, sent.tries = DELIVERED, 1
    answer = operator.submit(copies, page=question, tries=0)
    assert answer.status_code == 409
    assert "has arrived in the meantime" in answer.text
    assert states(third) == [DELIVERED]


def test_a_viewer_may_do_none_of_it(login_as: LoginAs) -> None:
    first, _, third = three()
    viewer = login_as(Role.VIEWER)
    for path in ("/deliveries/retries", f"/deliveries/{third.id}/copies"):
        answer = viewer.submit(path, page="/runs", run=first.run_id, which="all")
        assert answer.status_code == 403
    assert viewer.get(f"/deliveries/{third.id}/copies/new").status_code == 403
    assert states(first, third) == [FAILED, DELIVERED]
