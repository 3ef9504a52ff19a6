"""What a person has to know is written once, and mailed once to each, whatever fails meanwhile."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from tasks.alert_letter import Told, letter
from tasks.alert_mails import FIRST_WAIT, MAX_TRIES, _claim, _end, send_alerts
from tasks.alerts import raise_alert
from tasks.channels.email import TIMEOUT_SECONDS, plain_letter, post
from tasks.channels.errors import Refused
from tasks.clock import utcnow
from tasks.db import db_now, engine, reading, transaction
from tasks.models import Alert, AlertKind, AlertMail, AlertMailState, Run
from tasks.settings import settings
from tests.support.factories import a_run, a_task
from tests.support.mail import Mailbox, smtp_server

BOSS, AYSE, BULENT = "boss@example.com", "ayse@example.com", "bulent@example.com"
Found = TypeVar("Found")
AWAY = "smtp://127.0.0.1:1"


@pytest.fixture
def mailbox(home: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """What the mail server of this test got."""
    with smtp_server() as (url, mailbox):
        mail_through(monkeypatch, url)
        yield mailbox


def mail_through(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("ORCHESTRATOR_SMTP_URL", url)
    settings.cache_clear()


@pytest.fixture
def boss(monkeypatch: pytest.MonkeyPatch) -> str:
    """The installation has an address that is told of everything."""
    monkeypatch.setenv("ORCHESTRATOR_ALERT_MAIL", BOSS)
    settings.cache_clear()
    return BOSS


def tell(key: str = "now", *recipients: str, run: Run | None = None) -> bool:
    with transaction() as session:
        return raise_alert(
            session,
            AlertKind.SCHEDULER_SILENT,
            key=key,
            template="It is {what}.",
            values={"what": "late"},
            run=run,
            recipients=list(recipients),
        )


def tell_apart(key: str, *recipients: str) -> None:
    """Tell it of a task of its own, so that it is mailed by itself."""
    tell(key, *recipients, run=a_run(a_task(key)))


def the_alert() -> Alert:
    with reading() as session:
        return session.scalars(select(Alert)).one()


def the_alert_with_its_run() -> Alert:
    with reading() as session:
        return session.scalars(select(Alert).options(joinedload(Alert.run))).one()


def the_mail() -> AlertMail:
    with reading() as session:
        return session.scalars(select(AlertMail)).one()


def let_time_pass() -> None:
    """Let the wait of the alert, or the time its sender has, be over."""
    with transaction() as session:
        session.execute(update(AlertMail).values(next_try_at=db_now(-timedelta(seconds=1))))


def in_threads(number: int, act: Callable[[], Found]) -> list[Found]:
    """Do it as often at the same moment."""
    engine()  # the one of this process, which else each thread would make for itself
    start = threading.Barrier(number)

    def one(_: int) -> Found:
        start.wait(timeout=10)
        return act()

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(one, range(number)))


def test_what_several_see_at_once_is_written_once(database: str, boss: str) -> None:
    assert sorted(in_threads(6, tell)) == [False] * 5 + [True]
    assert the_alert().key == "scheduler_silent:now"


def test_it_goes_to_those_of_the_task_and_those_of_the_installation_each_once(
    database: str, boss: str, mailbox: Mailbox
) -> None:
    tell("now", AYSE, boss)
    assert the_mail().recipients == [AYSE, boss]
    assert send_alerts() == 1
    [letter] = mailbox.letters
    assert (letter["To"], letter["Subject"]) == (f"{AYSE}, {boss}", "The scheduler is silent")
    assert letter.get_content().startswith("It is late.\r\n\r\nhttp://")


def test_a_letter_keeps_its_number_however_often_it_is_sent(
    database: str, boss: str, mailbox: Mailbox
) -> None:
    mailbox.refused = {AYSE: "450 grey"}
    tell("now", AYSE)
    send_alerts()
    mailbox.refused = {}
    let_time_pass()
    send_alerts()
    first, again = (str(letter["Message-ID"]) for letter in mailbox.letters)
    assert first == again


def test_the_first_letter_of_a_new_database_or_of_another_installation_has_its_own_number(
    database: str, boss: str, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell()
    mail = the_mail()
    again = made_at(mail, mail.created_at + timedelta(microseconds=1))
    here = {number(mail), number(made_at(mail, mail.created_at)), number(again)}
    monkeypatch.setenv("ORCHESTRATOR_WEB_URL", "https://tasks.example.com")
    settings.cache_clear()
    assert len({*here, number(mail)}) == 3


def made_at(mail: AlertMail, when: datetime) -> AlertMail:
    """Return the like of the mail, made at that instant."""
    return AlertMail(id=mail.id, created_at=when, recipients=mail.recipients)


def number(mail: AlertMail) -> str:
    alert = the_alert_with_its_run()
    return str(letter(Told(mail, [alert], {alert.kind: 1}))["Message-ID"])


def test_what_nobody_gets_by_mail_is_shown(database: str, mailbox: Mailbox) -> None:
    tell()
    assert the_alert().mail_id is None
    assert (send_alerts(), mailbox.letters) == (0, [])


def test_a_letter_about_a_run_leads_to_its_page(database: str, boss: str, mailbox: Mailbox) -> None:
    run = a_run()
    with transaction() as session:
        raise_alert(
            session, AlertKind.LATE_START, key="1", template="It is late.", values={}, run=run
        )
    let_time_pass()
    send_alerts()
    assert mailbox.letters[0].get_content().rstrip().endswith(f"/runs/{run.id}")


def test_of_several_senders_one_sends(database: str, boss: str, mailbox: Mailbox) -> None:
    tell()
    assert sum(in_threads(6, send_alerts)) == 1
    assert (len(mailbox.letters), send_alerts()) == (1, 0)
    sent = the_mail()
    assert (sent.state, sent.tries, sent.next_try_at) == (AlertMailState.SENT, 1, None)
    assert sent.sent_at is not None


def test_a_server_that_says_not_now_is_asked_again_after_longer_and_longer_waits(
    database: str, boss: str, mailbox: Mailbox
) -> None:
    mailbox.answer = "451 come back later"
    tell()
    waits = []
    for _ in range(MAX_TRIES - 1):
        before = utcnow()
        assert send_alerts() == 0
        assert send_alerts() == 0  # its wait is not over
        waits.append(nearest(the_mail().next_try_at, before))
        let_time_pass()
    assert waits == [FIRST_WAIT * 2**number for number in range(MAX_TRIES - 1)]
    waiting = the_mail()
    assert (waiting.state, waiting.tries) == (AlertMailState.QUEUED, MAX_TRIES - 1)
    assert waiting.error == "The mail server answered 451: come back later"
    send_alerts()
    let_time_pass()
    send_alerts()
    assert (the_mail().state, the_mail().tries) == (AlertMailState.FAILED, MAX_TRIES)


def nearest(then: datetime | None, before: datetime) -> timedelta:
    """Return the wait in steps of the first one, as the machine may be slow."""
    assert then is not None
    return FIRST_WAIT * ((then - before) // FIRST_WAIT)


def test_it_arrives_once_the_server_is_back(
    database: str, boss: str, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = settings().smtp_url.get_secret_value()
    mail_through(monkeypatch, AWAY)
    tell()
    assert send_alerts() == 0
    assert "cannot be reached" in (the_mail().error or "")
    mail_through(monkeypatch, here)
    let_time_pass()
    assert send_alerts() == 1
    assert (the_mail().state, the_mail().error) == (AlertMailState.SENT, None)


def test_a_server_that_says_no_is_not_asked_again(
    database: str, boss: str, mailbox: Mailbox
) -> None:
    mailbox.answer = "554 no"
    tell()
    send_alerts()
    let_time_pass()
    send_alerts()
    failed = the_mail()
    assert (failed.state, failed.tries) == (AlertMailState.FAILED, 1)
    assert failed.error == "The mail server answered 554: no"


def test_a_sender_that_died_is_stood_in_for_once_its_time_is_over(
    database: str, boss: str, mailbox: Mailbox
) -> None:
    tell()
    _claim(the_mail().id)
    assert send_alerts() == 0
    let_time_pass()
    assert send_alerts() == 1
    assert (the_mail().state, the_mail().tries) == (AlertMailState.SENT, 2)


def test_a_mail_whose_senders_all_died_is_given_up(
    database: str, boss: str, mailbox: Mailbox
) -> None:
    tell()
    for _ in range(MAX_TRIES):
        _claim(the_mail().id)
        assert the_mail().state is AlertMailState.SENDING
        let_time_pass()
    assert (send_alerts(), mailbox.letters) == (0, [])
    given_up = the_mail()
    assert (given_up.state, given_up.tries) == (AlertMailState.FAILED, MAX_TRIES)
    assert given_up.next_try_at is None
    assert "nobody knows whether it arrived" in (given_up.error or "")


def test_the_last_sender_is_waited_for(database: str, boss: str, mailbox: Mailbox) -> None:
    tell()
    for _ in range(MAX_TRIES):
        let_time_pass()
        _claim(the_mail().id)
    assert send_alerts() == 0
    assert the_mail().state is AlertMailState.SENDING


def test_a_mail_to_many_is_left_to_its_sender_for_as_long_as_a_slow_server_may_take(
    database: str, mailbox: Mailbox
) -> None:
    tell("now", *(f"person{number}@example.com" for number in range(50)))
    before = utcnow()
    _claim(the_mail().id)
    until = the_mail().next_try_at or before
    greeting_and_letter = 10
    assert until - before > timedelta(seconds=TIMEOUT_SECONDS) * (50 + greeting_and_letter)


def test_a_server_in_trouble_is_asked_once_a_round_and_each_alert_gets_its_turn(
    database: str, boss: str, mailbox: Mailbox
) -> None:
    mailbox.answer = "451 come back later"
    for key in ("first", "second", "third"):
        tell_apart(key)
    for tried in ([1, 0, 0], [1, 1, 0], [1, 1, 1]):
        assert send_alerts() == 0
        with reading() as session:
            assert session.scalars(select(AlertMail.tries).order_by(AlertMail.id)).all() == tried


def test_a_sender_that_comes_back_too_late_changes_nothing_of_what_another_did(
    database: str, boss: str, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    tell()
    late = _claim(the_mail().id)
    assert late is not None
    let_time_pass()
    assert send_alerts() == 1
    caplog.set_level("INFO")
    caplog.clear()
    assert _end(late.mail, AlertMailState.FAILED, error="It was too slow.") is None
    assert caplog.messages == []
    assert (the_mail().state, the_mail().error) == (AlertMailState.SENT, None)


def test_an_address_that_the_server_refuses_costs_the_others_nothing(
    database: str, boss: str, mailbox: Mailbox
) -> None:
    mailbox.refused = {AYSE: "550 no such person"}
    tell("now", AYSE, BULENT)
    assert send_alerts() == 1
    assert sorted(mailbox.recipients[0]) == [boss, BULENT]
    sent = the_mail()
    assert (sent.state, sent.recipients) == (AlertMailState.SENT, [boss, BULENT])
    assert sent.error == (
        "ayse@example.com did not get it: The mail server answered 550: no such person"
    )


def test_an_address_that_the_server_takes_later_gets_the_letter_later_and_alone(
    database: str, boss: str, mailbox: Mailbox
) -> None:
    mailbox.refused = {AYSE: "450 grey"}
    tell("now", AYSE)
    send_alerts()
    assert (the_mail().state, mailbox.recipients) == (AlertMailState.QUEUED, [[boss]])
    mailbox.refused = {}
    let_time_pass()
    assert send_alerts() == 1
    assert mailbox.recipients == [[boss], [AYSE]]


def test_an_alert_all_of_whose_addresses_are_refused_has_failed(
    database: str, boss: str, mailbox: Mailbox
) -> None:
    mailbox.refused = {AYSE: "550 no such person", boss: "550 nor this"}
    tell("now", AYSE)
    assert send_alerts() == 0
    assert (the_mail().state, mailbox.recipients) == (AlertMailState.FAILED, [])


def test_the_one_recipient_of_a_delivery_is_refused_as_ever(mailbox: Mailbox) -> None:
    mailbox.refused = {AYSE: "550 no such person"}
    letter = plain_letter([AYSE], subject="A report", text="", message_id="<1@example.com>")
    with pytest.raises(Refused, match="550: no such person"):
        post(letter, [AYSE])


def test_an_address_that_is_none_ends_its_alert_and_holds_up_no_other(
    database: str, mailbox: Mailbox
) -> None:
    tell_apart("first", "not an address")
    tell_apart("second", AYSE)
    assert send_alerts() == 1
    with reading() as session:
        first, second = session.scalars(select(AlertMail).order_by(AlertMail.id)).all()
    assert (first.state, second.state) == (AlertMailState.FAILED, AlertMailState.SENT)
    assert "could not be written" in (first.error or "")
