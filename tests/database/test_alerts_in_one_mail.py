"""An outage is told in a few mails: one for a task and a kind at a time, then none for a while."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from tasks.alert_mails import send_alerts
from tasks.alerts import GATHER_TICKS, PAUSE, SILENT_PAUSE, acknowledge, raise_alert
from tasks.clock import utcnow
from tasks.db import engine, reading, transaction
from tasks.models import Alert, AlertKind, AlertMail, AlertMailState, Run, RunState, TaskDefinition
from tasks.runs.deadlines import pass_deadlines
from tasks.settings import settings
from tests.support.factories import a_run, a_task
from tests.support.mail import Mailbox, smtp_server

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def mailbox(home: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """What the mail server of this test got; the installation has an address to tell."""
    with smtp_server() as (url, mailbox):
        monkeypatch.setenv("ORCHESTRATOR_SMTP_URL", url)
        monkeypatch.setenv("ORCHESTRATOR_ALERT_MAIL", "boss@example.com")
        settings.cache_clear()
        yield mailbox


def fail_late(task: TaskDefinition, number: int) -> None:
    """Let so many runs of the task be late, and be seen to be so."""
    for _ in range(number):
        a_run(task, finish_by=utcnow() - HOUR, state=RunState.FAILED)
    assert pass_deadlines(now=utcnow()) == number


def let_pass(time: timedelta) -> None:
    """Let so much time pass for the mails."""
    with transaction() as session:
        for mail in session.scalars(select(AlertMail)):
            mail.next_try_at = mail.next_try_at and mail.next_try_at - time
            mail.first_tried_at = mail.first_tried_at and mail.first_tried_at - time


def mails() -> list[AlertMail]:
    with reading() as session:
        return list(session.scalars(select(AlertMail).order_by(AlertMail.id)))


def test_a_hundred_runs_that_are_late_are_told_in_one_mail(database: str, mailbox: Mailbox) -> None:
    task = a_task("stock", title="Stock")
    fail_late(task, 50)
    fail_late(task, 50)
    assert (send_alerts(), mailbox.letters) == (0, [])  # there may be more of them
    let_pass(MINUTE)
    assert send_alerts() == 1
    [letter] = mailbox.letters
    assert letter["Subject"] == "“Stock”: 100 runs are late"
    *told, rest, _, where = letter.get_content().rstrip().splitlines()
    assert len(told) == 10  # a sentence and an address of each
    assert all(line.startswith("- “Stock” was to be delivered by ") for line in told[::2])
    assert told[1].strip() == f"{settings().web_url}/runs/1"
    assert rest == "- … and 95 more."
    assert where == f"All of them: {settings().web_url}/runs?task=stock"


def test_each_of_them_still_has_its_row(database: str, mailbox: Mailbox) -> None:
    fail_late(a_task("stock"), 3)
    with reading() as session:
        rows = session.execute(select(Alert.run_id, Alert.mail_id)).all()
    assert len({run_id for run_id, _ in rows}) == 3
    assert {mail_id for _, mail_id in rows} == {mails()[0].id}


def test_the_next_mail_about_the_same_comes_after_a_pause_with_all_since(
    database: str, mailbox: Mailbox
) -> None:
    task = a_task("stock", title="Stock")
    fail_late(task, 2)
    let_pass(MINUTE)
    assert send_alerts() == 1
    fail_late(task, 1)
    let_pass(PAUSE - 2 * MINUTE)
    fail_late(task, 2)
    assert send_alerts() == 0
    let_pass(2 * MINUTE)
    assert send_alerts() == 1
    subjects = [letter["Subject"] for letter in mailbox.letters]
    assert subjects == ["“Stock”: 2 runs are late", "“Stock”: 3 runs are late"]


def test_after_a_quiet_time_the_next_one_is_told_at_once(database: str, mailbox: Mailbox) -> None:
    task = a_task("stock")
    fail_late(task, 1)
    let_pass(MINUTE)
    send_alerts()
    let_pass(PAUSE)
    before = utcnow()
    fail_late(task, 1)
    wait = (mails()[1].next_try_at or before) - before
    assert wait < timedelta(seconds=(GATHER_TICKS + 10) * settings().tick_seconds)


def test_another_task_and_another_kind_are_told_by_themselves(
    database: str, mailbox: Mailbox
) -> None:
    stock, sales = a_task("stock", title="Stock"), a_task("sales", title="Sales")
    fail_late(stock, 1)
    fail_late(sales, 1)
    for _ in range(2):
        a_run(stock, start_by=utcnow() - HOUR)
    pass_deadlines(now=utcnow())
    let_pass(MINUTE)
    assert send_alerts() == 3
    assert sorted(letter["Subject"] for letter in mailbox.letters) == [
        "“Sales” is late",
        "“Stock” is late",
        "“Stock”: 2 runs did not start in time",
    ]
    [unstarted] = [one for one in mailbox.letters if "start" in str(one["Subject"])]
    assert unstarted.get_content().rstrip().endswith("/runs?task=stock&state=skipped")


def test_a_mail_that_waits_for_its_server_takes_in_nothing_more(
    database: str, mailbox: Mailbox
) -> None:
    task = a_task("stock", title="Stock")
    mailbox.answer = "451 come back later"
    fail_late(task, 1)
    let_pass(MINUTE)
    assert send_alerts() == 0
    fail_late(task, 1)
    mailbox.answer = "250 OK"
    let_pass(MINUTE)
    assert send_alerts() == 1
    assert [letter["Subject"] for letter in mailbox.letters] == ["“Stock” is late"]
    assert [mail.state for mail in mails()] == [AlertMailState.SENT, AlertMailState.GATHERING]


def test_a_mail_goes_to_those_of_all_that_it_tells(database: str, mailbox: Mailbox) -> None:
    task = a_task("stock", alert_recipients=["ayse@example.com"])
    fail_late(task, 1)
    with transaction() as session:
        recipients = ["bulent@example.com"]
        session.execute(update(TaskDefinition).values(alert_recipients=recipients))
    fail_late(task, 1)
    let_pass(MINUTE)
    send_alerts()
    everyone = ["ayse@example.com", "boss@example.com", "bulent@example.com"]
    assert [sorted(recipients) for recipients in mailbox.recipients] == [everyone]


def test_a_silence_is_told_at_once_and_the_next_after_a_shorter_pause(
    database: str, mailbox: Mailbox
) -> None:
    for number in (1, 2, 3):
        with transaction() as session:
            silent, key = AlertKind.SCHEDULER_SILENT, str(number)
            raise_alert(session, silent, key=key, template="It is silent.", values={})
        send_alerts()
    assert len(mailbox.letters) == 1
    let_pass(SILENT_PAUSE)
    send_alerts()
    assert [letter["Subject"] for letter in mailbox.letters] == [
        "The scheduler is silent",
        "The scheduler was silent 2 times",
    ]


@pytest.mark.parametrize("kind", AlertKind)
def test_each_kind_of_alert_has_a_subject_for_one_and_for_many(
    database: str, mailbox: Mailbox, kind: AlertKind
) -> None:
    def tell(key: str) -> None:
        with transaction() as session:
            raise_alert(session, kind, key=key, template="It is so.", values={})

    tell("1")
    let_pass(MINUTE)
    send_alerts()
    tell("2")
    tell("3")
    let_pass(PAUSE + MINUTE)
    send_alerts()
    one, many = (str(letter["Subject"]) for letter in mailbox.letters)
    assert one != many
    assert "2" in many


def test_what_is_seen_on_the_page_is_mailed_nevertheless(database: str, mailbox: Mailbox) -> None:
    fail_late(a_task("stock"), 2)
    with transaction() as session:
        newest = session.scalars(select(Alert).order_by(Alert.id.desc()).limit(1)).one()
        assert acknowledge(session, newest, actor="ayse", now=utcnow()) == 2
    let_pass(MINUTE)
    assert send_alerts() == 1


def test_a_mail_whose_runs_were_deleted_says_nothing(database: str, mailbox: Mailbox) -> None:
    fail_late(a_task("stock"), 1)
    with transaction() as session:
        session.execute(delete(Run))
    let_pass(MINUTE)
    assert (send_alerts(), mailbox.letters, mails()) == (0, [], [])


def test_whoever_looks_at_once_tells_it_in_one_mail(database: str, mailbox: Mailbox) -> None:
    for _ in range(20):
        a_run(finish_by=utcnow() - HOUR, state=RunState.FAILED)
    assert sum(at_once(3, lambda: pass_deadlines(now=utcnow()))) == 20
    assert len(mails()) == 1
    let_pass(MINUTE)
    assert sum(at_once(3, send_alerts)) == 1
    assert [letter["Subject"] for letter in mailbox.letters] == ["“A Report”: 20 runs are late"]


def test_what_is_raised_while_the_mail_is_sent_is_told_by_the_next_one(
    database: str, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_TICK_SECONDS", "0.0001")  # so the first one is due at once
    settings.cache_clear()
    for _ in range(40):
        a_run(finish_by=utcnow() - HOUR, state=RunState.FAILED)

    def send_meanwhile() -> int:
        return sum(send_alerts() for _ in range(20))

    at_once(4, lambda: pass_deadlines(now=utcnow()), send_meanwhile)
    let_pass(2 * PAUSE)
    send_alerts()
    with reading() as session:
        told = session.scalars(select(Alert.mail_id)).all()
    assert len(told) == 40
    assert {mail.state for mail in mails()} == {AlertMailState.SENT}
    assert len(mailbox.letters) == len(set(told)) <= 2


def at_once(number: int, *acts: Callable[[], int]) -> list[int]:
    """Do these in turn in so many threads that start at the same moment."""
    engine()  # the one of this process, which else each thread would make for itself
    start = threading.Barrier(number)

    def started(index: int) -> int:
        start.wait(timeout=60)
        return acts[index % len(acts)]()

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(started, range(number)))
