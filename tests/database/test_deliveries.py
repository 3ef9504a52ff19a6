"""A delivery: one try for each message, and a late sender changes nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.deliveries import deliver, lose_interrupted, send_again
from tasks.deliveries.ending import MAX_TRIES
from tasks.errors import Conflict
from tasks.jobs.context import REFUSED
from tasks.models import Alert, Delivery, DeliveryState, RunState
from tasks.runs.dispatch import dispatch_soon
from tasks.settings import settings
from tests.support.factories import a_run

AWAY = "127.0.0.1:1"


@pytest.fixture(autouse=True)
def _everything_is_away(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATOR_SMTP_URL", f"smtp://{AWAY}")
    monkeypatch.setenv("ORCHESTRATOR_BROKER_URL", f"redis://{AWAY}/0")
    settings.cache_clear()


def a_delivery(**values: object) -> Delivery:
    run = a_run(state=RunState.SUCCEEDED)
    row = {"run_id": run.id, "recipient": "ayse@example.com", "message_id": "<1@x>"}
    with transaction() as session:
        delivery = Delivery(**(row | values))
        session.add(delivery)
    return delivery


def now(delivery: Delivery) -> Delivery:
    with reading() as session:
        return session.get_one(Delivery, delivery.id)


def told() -> dict[str, object]:
    """The mark of a message that is on its way."""
    return {"lease_until": utcnow() + timedelta(seconds=30)}


def test_a_mail_server_that_is_away_is_tried_again_later(database: str) -> None:
    delivery = a_delivery(**told())
    deliver(delivery.id)
    waiting = now(delivery)
    assert (waiting.state, waiting.tries) == (DeliveryState.QUEUED, 1)
    assert waiting.next_try_at is not None
    assert waiting.next_try_at > utcnow()
    assert "cannot be reached" in (waiting.error or "")


def test_copies_of_a_message_cost_one_try(database: str) -> None:
    delivery = a_delivery(**told())
    for _ in range(7):
        deliver(delivery.id)
    assert (now(delivery).state, now(delivery).tries) == (DeliveryState.QUEUED, 1)


def test_the_twelfth_try_in_vain_is_the_last_until_somebody_sends_it_again(database: str) -> None:
    delivery = a_delivery(tries=MAX_TRIES - 1, **told())
    deliver(delivery.id)
    assert now(delivery).state is DeliveryState.FAILED
    with transaction() as session:
        send_again(session, [delivery.id], actor="ayse")
        session.execute(update(Delivery).values(**told()))
    deliver(delivery.id)
    assert (now(delivery).state, now(delivery).tries) == (DeliveryState.QUEUED, MAX_TRIES + 1)


def test_what_the_broker_did_not_hear_of_is_told_at_the_next_tick(database: str) -> None:
    delivery = a_delivery()
    assert dispatch_soon() is False
    assert (now(delivery).state, now(delivery).lease_until) == (DeliveryState.QUEUED, None)


def test_a_letter_that_cannot_be_written_fails_before_the_server_is_asked(database: str) -> None:
    delivery = a_delivery(recipient="a..b@example.com", **told())
    deliver(delivery.id)
    assert now(delivery).state is DeliveryState.FAILED
    assert "could not be written" in (now(delivery).error or "")


def test_a_sender_that_died_lets_it_be_tried_once_more(database: str) -> None:
    over = utcnow() - timedelta(seconds=1)
    delivery = a_delivery(state=DeliveryState.SENDING, lease_until=over)
    with transaction() as session:
        assert lose_interrupted(session) == 1
    waiting = now(delivery)
    assert (waiting.state, waiting.doubtful_tries) == (DeliveryState.QUEUED, 1)
    assert waiting.next_try_at is not None
    assert waiting.next_try_at > utcnow()


def test_a_sender_that_died_in_the_second_try_leaves_an_uncertain_end(database: str) -> None:
    over = utcnow() - timedelta(seconds=1)
    delivery = a_delivery(state=DeliveryState.SENDING, doubtful_tries=1, lease_until=over)
    with transaction() as session:
        assert lose_interrupted(session) == 1
    assert (now(delivery).state, now(delivery).doubtful_tries) == (DeliveryState.UNCERTAIN, 2)


def test_a_sender_that_lives_is_left_alone(database: str) -> None:
    later = utcnow() + timedelta(seconds=10)
    delivery = a_delivery(state=DeliveryState.SENDING, lease_until=later)
    with transaction() as session:
        assert lose_interrupted(session) == 0
    assert now(delivery).state is DeliveryState.SENDING


def test_what_was_delivered_cannot_be_sent_again(database: str) -> None:
    delivery = a_delivery(state=DeliveryState.DELIVERED)
    with transaction() as session, pytest.raises(Conflict, match="has arrived in the meantime"):
        send_again(session, [delivery.id], actor="ayse")


def test_what_can_go_to_nobody_fails_with_its_sentence_and_opens_an_incident(
    database: str,
) -> None:
    why = "“Ege” has more than 100 addresses, so its rows went to nobody: 101."
    delivery = a_delivery(recipient="", part="Ege", target={REFUSED: why}, **told())
    deliver(delivery.id)
    ended = now(delivery)
    assert (ended.state, ended.error) == (DeliveryState.FAILED, why)
    with reading() as session:
        (alert,) = session.scalars(select(Alert)).all()
    assert why in alert.sentence
