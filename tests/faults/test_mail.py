"""Mail servers that break off or refuse for now: one delivery, one Message-ID, never a guess."""

from sqlalchemy import select

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.deliveries import send_again
from tasks.models import Delivery, DeliveryState
from tasks.runs.dispatch import dispatch_soon
from tests.faults.promises import Promises, assert_invariants
from tests.faults.stage import Stage
from tests.support.bad_mail import HANG_UP, bad_mail_server
from tests.support.factories import a_probe
from tests.support.stack import wait_for_delivery
from tests.support.waiting import wait_until


def with_mail_server(stage: Stage, url: str) -> None:
    """Let the only worker send its mail there."""
    stage.without_worker()
    stage.worker = stage.processes.worker(ORCHESTRATOR_SMTP_URL=url)


def the_delivery(run: int) -> Delivery:
    with reading() as session:
        return session.scalars(select(Delivery).where(Delivery.run_id == run)).one()


def test_a_letter_that_nobody_confirmed_is_uncertain_and_goes_again_under_the_same_id(
    stage: Stage, promises: Promises
) -> None:
    """The server takes the letter, then hangs up before its 250."""
    with bad_mail_server(HANG_UP) as server:
        with_mail_server(stage, server.url)
        run = promises.click(a_probe(recipients=["ayse@example.com"]))
        uncertain = wait_for_delivery(run)
        assert (uncertain.state, len(server.letters)) == (DeliveryState.UNCERTAIN, 1)
        assert "it may have arrived" in (uncertain.error or "")
        with transaction() as session:
            send_again(session, uncertain.id, actor="ayse")
        dispatch_soon()
        assert wait_for_delivery(run).state is DeliveryState.DELIVERED
        assert_invariants(promises)
        assert the_delivery(run).tries == 2
        assert [letter["Message-ID"] for letter in server.letters] == [uncertain.message_id] * 2
        stage.without_worker()


def test_a_letter_refused_for_now_goes_later_under_the_same_id(
    stage: Stage, promises: Promises
) -> None:
    """The server says 451, and 250 the next time; the wait of half a minute is cut short."""
    with bad_mail_server("451 4.7.1 come back later") as server:
        with_mail_server(stage, server.url)
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
