"""Troubles of our own while a mail goes out: it is not sent twice, and not given up in silence."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import text

from tasks.clock import utcnow
from tasks.db import engine, transaction
from tasks.deliveries.ending import MAX_TRIES
from tasks.models import DeliveryState, RunState
from tasks.settings import settings
from tests.support.delivering import a_waiting, as_it_is, sent
from tests.support.factories import a_run
from tests.support.mail import Mailbox, smtp_server
from tests.support.waiting import wait_until

REFUSING = {
    "sqlite": [
        "CREATE TRIGGER refuse BEFORE UPDATE OF delivered_at ON delivery "
        "BEGIN SELECT RAISE(ABORT, 'away'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'away'; END $$",
        "CREATE TRIGGER refuse BEFORE UPDATE OF delivered_at ON delivery "
        "FOR EACH ROW EXECUTE FUNCTION refuse()",
    ],
}
ALLOWING = {"sqlite": "DROP TRIGGER refuse", "postgresql": "DROP TRIGGER refuse ON delivery"}


@pytest.fixture
def mailbox(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with smtp_server() as (url, mailbox):
        monkeypatch.setenv("ORCHESTRATOR_SMTP_URL", url)
        settings.cache_clear()
        yield mailbox


def run_sql(*statements: str) -> None:
    with transaction() as session:
        for statement in statements:
            session.execute(text(statement))


def test_an_end_is_kept_while_our_database_cannot_write_it_down(mailbox: Mailbox) -> None:
    dialect = engine().dialect.name
    run_sql(*REFUSING[dialect])
    waiting = a_waiting()
    sending = Thread(target=sent, args=(waiting,))
    sending.start()
    wait_until(lambda: mailbox.letters, "the mail is out")
    assert as_it_is(waiting).state is DeliveryState.SENDING
    run_sql(ALLOWING[dialect])
    sending.join(20)
    arrived = as_it_is(waiting)
    assert (arrived.state, arrived.tries, arrived.doubtful_tries) == (DeliveryState.DELIVERED, 1, 0)
    assert len(mailbox.letters) == 1


def test_a_fault_of_ours_before_anything_is_out_leaves_no_doubt(mailbox: Mailbox) -> None:
    broken = sent(a_waiting(target={"cc": 5}))
    assert (broken.state, broken.tries, broken.doubtful_tries) == (DeliveryState.QUEUED, 1, 0)
    assert "broke with TypeError" in (broken.error or "")
    assert mailbox.letters == []


def test_what_breaks_in_each_try_fails_in_the_end(mailbox: Mailbox) -> None:
    broken = sent(a_waiting(target={"cc": 5}, tries=MAX_TRIES - 1))
    assert broken.state is DeliveryState.FAILED
    assert "fault of the program" in (broken.error or "")


@pytest.fixture
def silent_server(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """A server that hangs up on everybody; remembers how often somebody came."""
    came: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            while True:
                try:
                    line, _ = listening.accept()
                except OSError:  # the test is over
                    return
                came.append(1)
                line.close()

        Thread(target=hang_up, daemon=True).start()
        url = f"smtp://127.0.0.1:{listening.getsockname()[1]}"
        monkeypatch.setenv("ORCHESTRATOR_SMTP_URL", url)
        settings.cache_clear()
        yield came
        listening.shutdown(socket.SHUT_RDWR)


def test_a_server_that_is_away_is_asked_once_for_all_that_wait(silent_server: list[int]) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    other_way = a_waiting(run, "far@example.com", channel_slug="finance")
    ids = [a_waiting(run, f"r{number}@example.com") for number in range(5)]
    for waiting in ids:  # a message each
        sent(waiting)
    first, *others = (as_it_is(one) for one in ids)
    assert "cannot be reached" in (first.error or "")
    assert first.next_try_at is not None
    assert {(one.state, one.tries, one.error) for one in others} == {
        (DeliveryState.QUEUED, 0, None)
    }
    waits = [(one.next_try_at or utcnow()) - first.next_try_at for one in others]
    assert all(abs(one) < timedelta(seconds=1) for one in waits)
    assert len(silent_server) == 1
    assert as_it_is(other_way).next_try_at is None


def test_the_last_try_in_vain_of_one_costs_the_others_none(silent_server: list[int]) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    last, other = (
        a_waiting(run, "a@example.com", tries=MAX_TRIES - 1),
        a_waiting(run, "b@example.com"),
    )
    assert sent(last).state is DeliveryState.FAILED
    waiting = as_it_is(other)
    assert (waiting.state, waiting.tries) == (DeliveryState.QUEUED, 0)
    assert waiting.next_try_at is not None
