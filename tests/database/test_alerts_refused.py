"""An address that a mail server refuses costs the others nothing."""

import pytest
from sqlalchemy import select

from tasks.alert_mails import send_alerts
from tasks.channels.email import plain_letter, post
from tasks.channels.errors import Refused
from tasks.db import reading
from tasks.models import AlertMail, AlertMailState
from tests.database.alerting import AYSE, BULENT, let_time_pass, tell, tell_apart, the_mail
from tests.support.mail import Mailbox


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
