"""An account with a limit a minute: the row of the channel decides, and waiting costs no try."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import update

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.deliveries.pace import takes_a_turn
from tasks.models import Channel, Delivery, DeliveryState, RunState
from tests.support.delivering import a_waiting, an_account, as_it_is, of_run, sent
from tests.support.factories import a_run
from tests.support.mail import Mailbox, smtp_server


@pytest.fixture
def mailbox(database: str) -> Iterator[Mailbox]:
    with smtp_server() as (url, mailbox):
        mailbox.port = urlsplit(url).port or 0
        yield mailbox


def test_what_must_wait_is_put_off_each_by_a_turn_and_loses_no_try(mailbox: Mailbox) -> None:
    an_account(port=mailbox.port, settings={"per_minute": 6})
    run = a_run(state=RunState.SUCCEEDED)
    ids = [a_waiting(run, f"r{number}@example.com", channel_slug="finance") for number in range(5)]
    sent(ids[0])
    first, *others = of_run(run)
    assert first.state is DeliveryState.DELIVERED
    assert len(mailbox.letters) == 1
    assert {(one.state, one.tries, one.lease_until) for one in others} == {
        (DeliveryState.QUEUED, 0, None)
    }
    times = [one.next_try_at for one in others]
    assert None not in times
    with reading() as session:
        free_at = session.get_one(Channel, 1).free_at
    assert free_at is not None
    assert times == [free_at + timedelta(seconds=10 * place) for place in range(4)]


def test_a_message_that_comes_too_early_sends_nothing(mailbox: Mailbox) -> None:
    an_account(port=mailbox.port, settings={"per_minute": 6}, free_at=utcnow() + timedelta(hours=1))
    waiting = sent(a_waiting(channel_slug="finance"))
    assert (waiting.state, waiting.tries) == (DeliveryState.QUEUED, 0)
    assert mailbox.letters == []


def test_once_its_turn_has_come_it_is_sent(mailbox: Mailbox) -> None:
    account = an_account(port=mailbox.port, settings={"per_minute": 6})
    run = a_run(state=RunState.SUCCEEDED)
    first, second = (a_waiting(run, one, channel_slug="finance") for one in ("a@b.co", "c@d.co"))
    sent(first)
    with transaction() as session:
        soon = {"next_try_at": utcnow(), "lease_until": utcnow()}
        session.execute(update(Delivery).where(Delivery.id == second).values(**soon))
        session.get_one(Channel, account.id).free_at = utcnow() - timedelta(seconds=1)
    assert sent(second).state is DeliveryState.DELIVERED
    assert as_it_is(second).tries == 1


def test_of_many_workers_at_once_one_takes_the_turn(mailbox: Mailbox) -> None:
    account = an_account(port=mailbox.port, settings={"per_minute": 1})

    def take(_: int) -> bool:
        with transaction() as session:
            return takes_a_turn(session, account)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(8))) == 1


def test_an_account_without_a_limit_keeps_no_time(mailbox: Mailbox) -> None:
    an_account(port=mailbox.port)
    sent(a_waiting(channel_slug="finance"))
    with reading() as session:
        assert session.get_one(Channel, 1).free_at is None


def test_a_quick_pace_is_kept_by_one_worker_in_one_go(mailbox: Mailbox) -> None:
    """Ten a second: no message and no tick is needed between them, and there is none here."""
    an_account(port=mailbox.port, settings={"per_minute": 600})
    run = a_run(state=RunState.SUCCEEDED)
    ids = [a_waiting(run, f"r{number}@example.com", channel_slug="finance") for number in range(6)]
    began = time.monotonic()
    sent(ids[0])
    took = time.monotonic() - began
    assert [one.state for one in of_run(run)] == [DeliveryState.DELIVERED] * 6
    assert {one.tries for one in of_run(run)} == {1}
    assert mailbox.lines == 1
    assert took >= 0.5


def test_a_retry_that_is_far_off_is_not_waited_for(mailbox: Mailbox) -> None:
    an_account(port=mailbox.port, settings={"per_minute": 600})
    run = a_run(state=RunState.SUCCEEDED)
    later = utcnow() + timedelta(seconds=60)
    a_waiting(run, "later@example.com", channel_slug="finance", next_try_at=later)
    began = time.monotonic()
    sent(a_waiting(run, channel_slug="finance"))
    assert time.monotonic() - began < 30
    assert len(mailbox.letters) == 1
