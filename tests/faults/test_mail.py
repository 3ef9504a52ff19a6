"""Mail servers that break off or refuse for now: one delivery, one Message-ID, never a guess."""

from sqlalchemy import select

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.deliveries import send_again
from tasks.models import Delivery, DeliveryState
from tasks.runs.dispatch import dispatch_soon
from tests.faults.promises import Promises, assert_invariants
from tests.faults.stage import Stage
from tests.support.bad_mail import HANG_UP, HOLD, bad_mail_server
from tests.support.factories import a_probe
from tests.support.freezing import thaw
from tests.support.stack import wait_for_delivery
from tests.support.waiting import wait_until


def with_mail_server(stage: Stage, url: str, *, retry_seconds: float = 0.3) -> None:
    """Let the only worker send its mail there."""
    stage.without_worker()
    retries = {"ORCHESTRATOR_DELIVERY_RETRY_SECONDS": str(retry_seconds)}
    stage.worker = stage.processes.worker(ORCHESTRATOR_SMTP_URL=url, **retries)


def the_delivery(run: int) -> Delivery:
    with reading() as session:
        return session.scalars(select(Delivery).where(Delivery.run_id == run)).one()


def test_a_letter_that_nobody_confirmed_goes_once_more_and_says_so(
    stage: Stage, promises: Promises
) -> None:
    """The server takes the letter, then hangs up before its 250."""
    with bad_mail_server(HANG_UP) as server:
        with_mail_server(stage, server.url)
        run = promises.click(a_probe(recipients=["ayse@example.com"]))
        sent = wait_for_delivery(run)
        assert (sent.state, sent.tries, sent.doubtful_tries) == (DeliveryState.DELIVERED, 2, 1)
        assert "may have been sent twice" in sent.reason
        assert_invariants(promises)
        assert [letter["Message-ID"] for letter in server.letters] == [sent.message_id] * 2
        stage.without_worker()


def test_a_letter_that_nobody_confirms_twice_waits_for_a_person(
    stage: Stage, promises: Promises
) -> None:
    with bad_mail_server(HANG_UP, HANG_UP) as server:
        with_mail_server(stage, server.url)
        run = promises.click(a_probe(recipients=["ayse@example.com"]))
        uncertain = wait_for_delivery(run)
        assert (uncertain.state, len(server.letters)) == (DeliveryState.UNCERTAIN, 2)
        assert "it may have arrived" in (uncertain.error or "")
        with transaction() as session:
            send_again(session, [uncertain.id], actor="ayse")
        dispatch_soon()
        assert wait_for_delivery(run).state is DeliveryState.DELIVERED
        assert_invariants(promises)
        assert [letter["Message-ID"] for letter in server.letters] == [uncertain.message_id] * 3
        stage.without_worker()


def test_a_letter_refused_for_now_goes_later_under_the_same_id(
    stage: Stage, promises: Promises
) -> None:
    """The server says 451, and 250 the next time; the wait of half a minute is cut short."""
    with bad_mail_server("451 4.7.1 come back later") as server:
        with_mail_server(stage, server.url, retry_seconds=30)
        run = promises.click(a_probe(recipients=["ayse@example.com"]))
        assert_invariants(promises)
        wait_until(lambda: the_delivery(run).error, "the letter is refused for now")
        waiting = the_delivery(run)
        assert (waiting.state, waiting.tries) == (DeliveryState.QUEUED, 1)
        assert "come back later" in (waiting.error or "")
        with transaction() as session:
            session.get_one(Delivery, waiting.id).next_try_at = utcnow()
        assert wait_for_delivery(run).state is DeliveryState.DELIVERED
        assert the_delivery(run).tries == 2
        assert [letter["Message-ID"] for letter in server.letters] == [waiting.message_id] * 2
        assert len(promises.steps(run, "start")) == 1
        stage.without_worker()


def test_a_worker_that_dies_while_it_sends_is_followed_by_one_more_try(
    stage: Stage, promises: Promises
) -> None:
    with bad_mail_server(HOLD) as server:
        with_mail_server(stage, server.url)
        run = promises.click(a_probe(recipients=["ayse@example.com"]))
        wait_until(lambda: server.letters, "the letter is with the server")
        assert the_delivery(run).state is DeliveryState.SENDING
        with_mail_server(stage, server.url)  # the one before is killed
        sent = wait_for_delivery(run)
        assert (sent.state, sent.tries, sent.doubtful_tries) == (DeliveryState.DELIVERED, 2, 1)
        assert "may have been sent twice" in sent.reason
        assert_invariants(promises)
        assert [letter["Message-ID"] for letter in server.letters] == [sent.message_id] * 2
        stage.without_worker()


def test_a_frozen_sender_finds_its_delivery_gone_and_sends_nothing_more(
    stage: Stage, promises: Promises
) -> None:
    """It is stopped between two of its mails' lines, and thawed when another one has sent it."""
    with bad_mail_server(HOLD) as server:
        with_mail_server(stage, server.url)
        run = promises.click(a_probe(recipients=["ayse@example.com"]))
        wait_until(lambda: server.letters, "the letter is with the server")
        frozen = stage.the_worker()
        stage.freeze(frozen)
        stage.worker = None
        with_second = {"ORCHESTRATOR_SMTP_URL": server.url}
        quick = {"ORCHESTRATOR_DELIVERY_RETRY_SECONDS": "0.3"}
        stage.worker = stage.processes.worker(**with_second, **quick)
        sent = wait_for_delivery(run)
        thaw(frozen)
        assert (sent.state, sent.tries, sent.doubtful_tries) == (DeliveryState.DELIVERED, 2, 1)
        assert_invariants(promises)
        assert len(server.letters) == 2
        stage.processes.kill(frozen)
        assert the_delivery(run).tries == 2
        stage.without_worker()
