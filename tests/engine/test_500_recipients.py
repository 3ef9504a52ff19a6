"""500 recipients of one run, each with rows of its own, over a mail server on a bad day."""

from collections import Counter
from email.message import EmailMessage

from sqlalchemy import func, select

from tasks.db import reading, transaction
from tasks.deliveries import send_again
from tasks.models import Delivery, DeliveryState, Run, RunState
from tasks.runs.dispatch import dispatch_soon
from tests.support.clicking import click
from tests.support.factories import a_hana_source, a_task
from tests.support.hana import READER, Hana
from tests.support.rough_mail import Day, rough_mail_server
from tests.support.stack import Processes, wait_for_end
from tests.support.waiting import wait_until

RECIPIENTS = 500
QUERY = (
    'SELECT "CardCode" AS "Customer", "CardName" AS "Name", '
    '\'someone\' AS "Whose", "CardCode" || \'@example.com\' AS "Address" '
    'FROM "OCRD" ORDER BY "CardCode" LIMIT 500'
)
SPLIT = {"column": "Customer", "address_column": "Address", "with_whole": False}


def states(run: Run) -> Counter[DeliveryState]:
    with reading() as session:
        counted = (
            select(Delivery.state, func.count())
            .where(Delivery.run_id == run.id)
            .group_by(Delivery.state)
        )
        return Counter({row[0]: row[1] for row in session.execute(counted)})


def ended(run: Run) -> bool:
    return sum(n for state, n in states(run).items() if state.is_final) == RECIPIENTS


def the_failed(run: Run) -> Delivery:
    with reading() as session:
        failed = Delivery.state == DeliveryState.FAILED
        return session.scalars(select(Delivery).where(Delivery.run_id == run.id, failed)).one()


def asked(hana: Hana) -> int:
    """How often the source saw the query of the report."""
    return sum("OCRD" in one["sql"] for one in hana.status().statements)


def test_each_gets_exactly_one_mail_and_the_one_that_cannot_says_why(
    hana: Hana, processes: Processes
) -> None:
    a_hana_source(hana.port, password=READER[1])
    wanted = {"source": "hana", "sql": QUERY, "formats": ["csv"], "burst": SPLIT}
    task = a_task(settings=wanted, timeout_seconds=120)
    day = Day()
    with rough_mail_server(day) as url:
        mail = {"ORCHESTRATOR_SMTP_URL": url, "ORCHESTRATOR_DELIVERY_RETRY_SECONDS": "0.5"}
        processes.worker(**mail)
        processes.beat(**mail)
        run = click(task)
        assert wait_for_end(run.id, seconds=90).state is RunState.SUCCEEDED
        wait_until(lambda: ended(run), "each delivery ends", seconds=120)

        assert states(run) == {DeliveryState.DELIVERED: RECIPIENTS - 1, DeliveryState.FAILED: 1}
        failed = the_failed(run)
        assert failed.recipient == day.unknown
        assert "550: 5.1.1 no such person" in (failed.error or "")
        assert len(day.kept) == RECIPIENTS - 1
        assert set(day.kept.values()) == {1}
        assert day.lines >= 2 * day.drops_every
        assert day.letters > RECIPIENTS
        for address, letter in day.content.items():
            assert_its_own(address, letter)

        day.unknown = ""  # the postmaster has made the mailbox
        with transaction() as session:
            send_again(session, [failed.id], actor="ayse")
        dispatch_soon()
        done = {DeliveryState.DELIVERED: RECIPIENTS}
        wait_until(lambda: states(run) == done, "the last one is delivered", seconds=30)
        assert_its_own(failed.recipient, day.content[failed.recipient])
    assert set(day.kept.values()) == {1}
    assert asked(hana) == 1


def assert_its_own(address: str, letter: EmailMessage) -> None:
    """Check that the mail's file holds the rows of its recipient and of nobody else."""
    [file] = letter.iter_attachments()
    content = file.get_content()
    text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    assert [line.count("@example.com") for line in text.splitlines()] == [0, 1]
    assert address in text
