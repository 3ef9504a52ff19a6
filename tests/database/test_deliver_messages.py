"""Messages about deliveries: as many as workers will soon take, and the oldest deliveries first."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.models import Delivery, DeliveryState, RunState
from tasks.runs.broker import messages_in
from tasks.runs.dispatch import DELIVERIES_AT_ONCE, dispatch_soon
from tests.support.delivering import a_waiting
from tests.support.factories import a_run
from tests.support.valkey import Valkey

TAKEN = 10


@pytest.fixture
def waiting(broker: Valkey) -> list[int]:
    """More than are told of at once, all due."""
    run = a_run(state=RunState.SUCCEEDED)
    addresses = [f"r{number}@example.com" for number in range(DELIVERIES_AT_ONCE + 2 * TAKEN)]
    return [a_waiting(run, one, lease_until=None) for one in addresses]


def told() -> list[int]:
    with reading() as session:
        marked = select(Delivery.id).where(Delivery.lease_until.is_not(None))
        return list(session.scalars(marked.order_by(Delivery.id)))


def change(ids: list[int], **values: object) -> None:
    with transaction() as session:
        session.execute(update(Delivery).where(Delivery.id.in_(ids)).values(**values))


def test_the_oldest_are_told_first_and_no_more_while_nobody_takes_them(waiting: list[int]) -> None:
    for _ in range(3):
        assert dispatch_soon()
    assert told() == waiting[:DELIVERIES_AT_ONCE]
    assert messages_in("default") == DELIVERIES_AT_ONCE


def test_more_follow_when_some_are_taken(waiting: list[int]) -> None:
    dispatch_soon()
    change(waiting[:TAKEN], state=DeliveryState.SENDING)
    dispatch_soon()
    assert told() == waiting


def test_a_queue_that_nobody_serves_holds_up_no_other(waiting: list[int]) -> None:
    dispatch_soon()
    other = a_waiting(a_run(state=RunState.SUCCEEDED, queue="other"), lease_until=None)
    dispatch_soon()
    assert told() == [*waiting[:DELIVERIES_AT_ONCE], other]
    assert messages_in("other") == 1


def test_a_message_that_nobody_took_in_time_is_sent_again(waiting: list[int]) -> None:
    dispatch_soon()
    change(waiting, lease_until=utcnow() - timedelta(seconds=1))
    dispatch_soon()
    with reading() as session:
        marked = Delivery.lease_until > utcnow()
        again = session.scalars(select(Delivery.id).where(marked).order_by(Delivery.id)).all()
    assert again == waiting[:DELIVERIES_AT_ONCE]
    assert messages_in("default") == 2 * DELIVERIES_AT_ONCE


def test_what_waits_for_its_time_is_in_nobodys_way(waiting: list[int]) -> None:
    later = utcnow() + timedelta(hours=1)
    change(waiting[:DELIVERIES_AT_ONCE], next_try_at=later)
    dispatch_soon()
    assert told() == waiting[DELIVERIES_AT_ONCE:]
