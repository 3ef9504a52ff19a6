"""Troubles of our own while a mail goes out: it is not sent twice, and not given up in silence."""

from collections.abc import Iterator
from threading import Thread

import pytest
from sqlalchemy import text

from tasks.db import engine, transaction
from tasks.models import DeliveryState
from tasks.settings import settings
from tests.support.delivering import a_waiting, as_it_is, sent
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
    broken = sent(a_waiting(target={"cc": 5}, tries=5))
    assert broken.state is DeliveryState.FAILED
    assert "fault of the program" in (broken.error or "")
