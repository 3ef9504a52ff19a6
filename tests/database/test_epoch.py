"""A broker that lost its messages: what was on its way is sent again at the next pass, once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import redis
from sqlalchemy import select

from tasks.db import db_now, engine, reading, transaction
from tasks.models import Delivery, DeliveryState, Run, RunState, SchedulerMark, Worker
from tasks.runs.broker import messages_in
from tasks.runs.dispatch import dispatch_soon
from tasks.runs.epoch import _forget_messages, _present_epoch, notice_new_epoch
from tasks.scheduling.tick import tick
from tasks.settings import settings
from tests.support.factories import a_run
from tests.support.valkey import Valkey


@pytest.fixture
def known(broker: Valkey) -> Valkey:
    """The same, after the first pass of a scheduler."""
    assert notice_new_epoch()
    return broker


def flush(broker: Valkey) -> None:
    with redis.Redis.from_url(broker.url) as client:
        client.flushall()


def restart(broker: Valkey) -> None:
    broker.kill()
    broker.start()


def a_worker() -> None:
    with transaction() as session:
        seen = session.scalars(NOW).one()
        session.add(Worker(name="w", queues=["default"], slots=2, last_seen_at=seen))


NOW = select(db_now())


def told_run() -> Run:
    """Save a run whose message is on its way for an hour still."""
    with reading() as session:
        now = session.scalars(NOW).one()
    later = now + timedelta(hours=1)
    return a_run(published_at=now, republish_at=later, publications=3)


def told_delivery(run: Run, state: DeliveryState = DeliveryState.QUEUED) -> Delivery:
    """Save a delivery whose message is on its way, or whose sender is at it, for an hour still."""
    with transaction() as session:
        later = session.scalars(NOW).one() + timedelta(hours=1)
        delivery = Delivery(run_id=run.id, recipient=f"{state}@x", message_id="<1@x>", state=state)
        delivery.lease_until = later
        session.add(delivery)
    return delivery


def is_told(row: Run | Delivery) -> bool:
    with reading() as session:
        if isinstance(row, Run):
            return session.get_one(Run, row.id).republish_at is not None
        return session.get_one(Delivery, row.id).lease_until is not None


def epochs() -> list[str | None]:
    with reading() as session:
        mark = select(SchedulerMark.value).where(SchedulerMark.name == "epoch")
        return list(session.scalars(mark))


def test_the_first_start_makes_a_key_and_remembers_it(broker: Valkey) -> None:
    assert notice_new_epoch()
    with redis.Redis.from_url(broker.url, decode_responses=True) as client:
        assert epochs() == [client.get(f"{settings().broker_prefix}epoch")]
    assert epochs() != [""]


@pytest.mark.parametrize("lose", [flush, restart])
def test_what_was_on_its_way_is_sent_again_once_the_broker_lost_it(
    known: Valkey, lose: Callable[[Valkey], None]
) -> None:
    before = epochs()
    run = told_run()
    delivery = told_delivery(a_run(state=RunState.SUCCEEDED))
    lose(known)
    assert notice_new_epoch()
    assert (is_told(run), is_told(delivery)) == (False, False)
    assert epochs() != before
    a_worker()
    dispatch_soon()
    assert messages_in("default") == 2


def test_one_pass_of_the_scheduler_sends_again_what_the_broker_lost(known: Valkey) -> None:
    a_worker()
    run = a_run()
    dispatch_soon()
    assert (messages_in("default"), is_told(run)) == (1, True)
    flush(known)
    assert messages_in("default") == 0
    tick()
    assert messages_in("default") == 1


def test_a_broker_that_kept_its_messages_is_left_alone(known: Valkey) -> None:
    run = told_run()
    assert not notice_new_epoch()
    assert is_told(run)


def test_a_broker_that_is_away_changes_nothing(known: Valkey) -> None:
    before = epochs()
    run = told_run()
    known.kill()
    assert not notice_new_epoch()
    assert (is_told(run), epochs()) == (True, before)


def test_what_is_being_sent_or_was_sent_stays_with_its_sender(known: Valkey) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    sending = told_delivery(run, DeliveryState.SENDING)
    flush(known)
    notice_new_epoch()
    assert is_told(sending)


def test_of_two_schedulers_one_forgets_the_messages(known: Valkey) -> None:
    flush(known)
    run = told_run()
    assert any(in_two_threads())
    assert not is_told(run)
    [epoch] = epochs()
    again = told_run()  # what the first of them has sent since
    assert not any(in_two_threads())
    assert is_told(again)
    assert epochs() == [epoch]


def test_a_scheduler_that_comes_late_takes_nothing_back(known: Valkey) -> None:
    """It has seen the old epoch in our table before another wrote the new one down."""
    flush(known)
    assert notice_new_epoch()
    sent = told_run()
    assert _forget_messages(_present_epoch()) == 0
    assert is_told(sent)


def in_two_threads() -> list[bool]:
    start = threading.Barrier(2)
    engine()

    def notice(_: int) -> bool:
        start.wait(timeout=60)
        return notice_new_epoch()

    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(notice, range(2)))
