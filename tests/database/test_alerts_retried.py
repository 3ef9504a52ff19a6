"""A mail server that is slow, away or unwilling: an alert is tried again, then given up."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tasks.alert_mails import FIRST_WAIT, MAX_TRIES, _claim, _end, send_alerts
from tasks.channels.email import TIMEOUT_SECONDS
from tasks.clock import utcnow
from tasks.db import reading
from tasks.models import AlertMail, AlertMailState
from tasks.settings import settings
from tests.database.alerting import (
    in_threads,
    let_time_pass,
    mail_through,
    tell,
    tell_apart,
    the_mail,
)
from tests.support.mail import Mailbox

AWAY = "smtp://127.0.0.1:1"


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
