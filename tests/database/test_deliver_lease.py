"""A delivery is its sender's for as long as that one lives, however slow the mail server is."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import update

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.deliveries import lose_interrupted
from tasks.deliveries.claiming import Claimed, claim
from tasks.deliveries.ending import delivered, failed, record
from tasks.deliveries.pulse import Lost, Pulse
from tasks.models import Delivery, DeliveryState
from tasks.settings import settings
from tests.support.delivering import a_waiting, as_it_is, sent
from tests.support.waiting import wait_until


@contextmanager
def slow_server(answers: threading.Event) -> Iterator[str]:
    """A server that takes a letter and says nothing to it until it may."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            try:
                line, _ = listening.accept()
            except OSError:  # nobody came
                return
            with line, line.makefile("rwb", buffering=0) as talk:
                talk.write(b"220 here\r\n")
                while command := talk.readline():
                    if command.startswith(b"DATA"):
                        talk.write(b"354 go on\r\n")
                        while talk.readline() not in (b".\r\n", b""):
                            pass
                        answers.wait(20)
                    talk.write(b"250 OK\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"smtp://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            answers.set()
            listening.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def answers(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Set where the slow server may answer; the lease is a second."""
    may = threading.Event()
    with slow_server(may) as url:
        monkeypatch.setenv("ORCHESTRATOR_SMTP_URL", url)
        monkeypatch.setenv("ORCHESTRATOR_LEASE_SECONDS", "1")
        settings.cache_clear()
        yield may


def test_a_slow_talk_outlives_its_lease_and_is_not_lost(answers: threading.Event) -> None:
    waiting = a_waiting()
    sending = threading.Thread(target=sent, args=(waiting,))
    sending.start()
    wait_until(lambda: as_it_is(waiting).state is DeliveryState.SENDING, "it is being sent")
    first = as_it_is(waiting).lease_until
    assert first is not None
    over = first + timedelta(seconds=1.5)

    def has_lived_on() -> bool:
        with transaction() as session:
            assert lose_interrupted(session) == 0
        return (as_it_is(waiting).lease_until or first) > over

    wait_until(has_lived_on, "its lease goes on")
    answers.set()
    sending.join()
    assert as_it_is(waiting).state is DeliveryState.DELIVERED


def test_a_talk_that_takes_too_long_is_cut(answers: threading.Event) -> None:
    claimed = claim(a_waiting())
    assert claimed is not None
    cut = threading.Event()
    with Pulse(most_seconds=0.1) as pulse, pulse.of(claimed.delivery, cut.set):
        assert cut.wait(5)


def test_a_sender_that_stood_still_finds_its_delivery_lost(answers: threading.Event) -> None:
    claimed = claim(a_waiting())
    assert claimed is not None
    with Pulse() as pulse, pulse.of(claimed.delivery, lambda: None):
        pulse.check()
        with transaction() as session:
            session.execute(update(Delivery).values(state=DeliveryState.QUEUED))
        pulse._alive_at -= 10  # as if the process had been frozen for so long
        with pytest.raises(Lost):
            pulse.check()


def given_up() -> Claimed:
    """Claim a delivery, and let its lease be over."""
    claimed = claim(a_waiting())
    assert claimed is not None
    with transaction() as session:
        session.execute(update(Delivery).values(lease_until=utcnow().replace(year=2020)))
        assert lose_interrupted(session) == 1
    return claimed


def test_what_a_late_sender_did_not_bring_counts_no_more(answers: threading.Event) -> None:
    claimed = given_up()
    with transaction() as session:
        assert record(session, claimed.delivery, failed("No such person.")) is False
    assert as_it_is(claimed.delivery.id).state is DeliveryState.QUEUED


def test_what_a_late_sender_brought_is_not_sent_again(answers: threading.Event) -> None:
    """Our database was away for longer than the lease: the mail has arrived all the same."""
    claimed = given_up()
    with transaction() as session:
        assert record(session, claimed.delivery, delivered(claimed.delivery, ""))
    arrived = as_it_is(claimed.delivery.id)
    assert (arrived.state, arrived.reason) == (DeliveryState.DELIVERED, "")


def test_a_late_sender_is_not_heard_once_another_one_has_begun(answers: threading.Event) -> None:
    late = given_up()
    with transaction() as session:
        session.execute(update(Delivery).values(lease_until=utcnow(), next_try_at=None))
    assert claim(late.delivery.id) is not None
    with transaction() as session:
        assert record(session, late.delivery, delivered(late.delivery, "")) is False
    assert as_it_is(late.delivery.id).state is DeliveryState.SENDING
