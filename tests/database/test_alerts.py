"""What a person has to know is written once, and mailed once to each."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tasks.alert_letter import Told, letter
from tasks.alert_mails import send_alerts
from tasks.alerts import raise_alert
from tasks.db import reading, transaction
from tasks.models import Alert, AlertKind, AlertMail
from tasks.settings import settings
from tests.database.alerting import AYSE, in_threads, let_time_pass, tell, the_mail
from tests.support.factories import a_run
from tests.support.mail import Mailbox


def the_alert() -> Alert:
    with reading() as session:
        return session.scalars(select(Alert)).one()


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


def the_alert_with_its_run() -> Alert:
    with reading() as session:
        return session.scalars(select(Alert).options(joinedload(Alert.run))).one()


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
