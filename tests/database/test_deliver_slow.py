"""A server that is slow is spoken to by one sender at a time, so that it does not hold them all."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.deliveries import deliver
from tasks.deliveries.claiming import SLOW_SECONDS, claim, take_next
from tasks.models import DeliveryState, RunState
from tests.support.delivering import a_waiting, an_account, as_it_is, sent
from tests.support.factories import a_run
from tests.support.mail import Mailbox, smtp_server

LONG_AGO = timedelta(seconds=SLOW_SECONDS + 1)
ALIVE = timedelta(minutes=1)


@pytest.fixture
def mailbox(database: str) -> Iterator[Mailbox]:
    with smtp_server() as (url, mailbox):
        for slug in ("slow", "other"):
            an_account(slug, port=urlsplit(url).port or 0)
        yield mailbox


def being_sent(*, since: timedelta, lease: timedelta = ALIVE, account: str = "slow") -> int:
    """Save a delivery that another worker sends."""
    now = utcnow()
    return a_waiting(
        state=DeliveryState.SENDING,
        channel_slug=account,
        next_try_at=now - since,
        lease_until=now + lease,
        tries=1,
    )


def test_what_goes_to_a_server_that_keeps_a_sender_waiting_steps_aside(mailbox: Mailbox) -> None:
    being_sent(since=LONG_AGO)
    run = a_run(state=RunState.SUCCEEDED)
    ids = [a_waiting(run, f"r{n}@example.com", channel_slug="slow") for n in range(3)]
    soon = utcnow() + timedelta(seconds=20)
    deliver(ids[1])
    for waiting in map(as_it_is, ids):
        assert (waiting.state, waiting.tries, waiting.error) == (DeliveryState.QUEUED, 0, None)
        assert waiting.next_try_at is not None
        assert waiting.next_try_at > soon
        assert waiting.lease_until is None  # no message about it is on its way
    assert mailbox.letters == []


def test_what_goes_another_way_is_not_held_up(mailbox: Mailbox) -> None:
    being_sent(since=LONG_AGO)
    assert sent(a_waiting(channel_slug="other")).state is DeliveryState.DELIVERED


def test_a_quick_server_is_spoken_to_by_many(mailbox: Mailbox) -> None:
    being_sent(since=timedelta(seconds=1))
    assert sent(a_waiting(channel_slug="slow")).state is DeliveryState.DELIVERED


def test_a_sender_that_died_holds_nobody_up(mailbox: Mailbox) -> None:
    being_sent(since=LONG_AGO, lease=-timedelta(seconds=1))
    assert sent(a_waiting(channel_slug="slow")).state is DeliveryState.DELIVERED


def test_who_has_the_line_goes_on_with_the_next_one(mailbox: Mailbox) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    ids = [a_waiting(run, f"r{n}@example.com", channel_slug="slow") for n in range(3)]
    claimed = claim(ids[0])
    assert claimed is not None
    with transaction() as session:
        session.merge(claimed.delivery).next_try_at = utcnow() - LONG_AGO
    with transaction() as session:
        following = take_next(session, claimed)
    assert following is not None
    assert following.delivery.id == ids[1]


def test_the_row_says_since_when_it_is_sent(mailbox: Mailbox) -> None:
    claimed = claim(a_waiting(channel_slug="slow", next_try_at=utcnow() - timedelta(days=1)))
    assert claimed is not None
    began = as_it_is(claimed.delivery.id).next_try_at
    assert began is not None
    assert abs(utcnow() - began) < timedelta(seconds=30)


def test_a_second_try_after_a_slow_one_waits_as_long_as_ever(mailbox: Mailbox) -> None:
    an_account("gone", port=1)
    waiting = a_waiting(channel_slug="gone")
    deliver(waiting)
    again = as_it_is(waiting)
    assert again.state is DeliveryState.QUEUED
    assert again.next_try_at is not None
    assert again.next_try_at > utcnow() + timedelta(seconds=20)
