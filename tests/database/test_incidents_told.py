"""Who hears of an incident, in which words, and in how many mails."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from tasks.db import reading, transaction
from tasks.models import AlertMail, RunState, TaskDefinition
from tasks.settings import settings
from tests.support.factories import a_task, a_user
from tests.support.incidents import a_follower, end, send_what_is_told
from tests.support.mail import Mailbox, smtp_server


@pytest.fixture
def mailbox(home: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """What the mail server of this test got."""
    with smtp_server() as (url, mailbox):
        monkeypatch.setenv("ORCHESTRATOR_SMTP_URL", url)
        settings.cache_clear()
        yield mailbox


def told() -> list[str]:
    with reading() as session:
        return [one for mail in session.scalars(select(AlertMail)) for one in mail.recipients]


def owned_by(task: TaskDefinition, login: str, email: str | None) -> None:
    owner = a_user(login, email=email)
    with transaction() as session:
        session.get_one(TaskDefinition, task.id).owner_id = owner.id


def test_the_owner_those_who_follow_and_the_tasks_own_addresses_are_told(database: str) -> None:
    task = a_task(alert_recipients=["desk@example.com", "BORA@example.com"])
    owned_by(task, "ayse", "ayse@example.com")
    a_follower(task, "bora")
    a_follower(a_task("another"), "cem")
    end(task)
    assert sorted(one.lower() for one in told()) == [
        "ayse@example.com",
        "bora@example.com",
        "desk@example.com",
    ]


def test_who_was_switched_off_or_has_no_address_is_not(database: str) -> None:
    task = a_task()
    owned_by(task, "ayse", None)
    a_follower(task, "bora", is_active=False)
    end(task)
    assert told() == []


def test_an_address_outside_of_the_allowed_domains_is_not(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_RECIPIENT_DOMAINS", "example.com")
    settings.cache_clear()
    task = a_task()
    a_follower(task, "bora", email="bora@elsewhere.com")
    a_follower(task, "cem")
    end(task)
    assert told() == ["cem@example.com"]


def test_the_letter_says_what_failed_why_and_where_to_look(database: str, mailbox: Mailbox) -> None:
    task = a_task(title="Stock")
    a_follower(task, "bora")
    run = end(task)
    assert send_what_is_told() == 1
    [letter] = mailbox.letters
    assert (letter["To"], letter["Subject"]) == ("bora@example.com", "“Stock” failed")
    text = letter.get_content()
    assert "The source does not answer." in text
    assert f"{settings().web_url}/runs/{run.id}" in text


def test_each_reads_it_in_the_language_of_their_own(database: str, mailbox: Mailbox) -> None:
    task = a_task(title="Stok")
    a_follower(task, "bora", language="tr")
    a_follower(task, "carl", language="en")
    end(task)
    assert send_what_is_told() == 1
    sent = {str(letter["To"]): letter for letter in mailbox.letters}
    assert set(sent) == {"bora@example.com", "carl@example.com"}
    assert len({str(letter["Message-ID"]) for letter in sent.values()}) == 2
    turkish, english = sent["bora@example.com"], sent["carl@example.com"]
    assert english["Subject"] == "“Stok” failed"
    assert "The source does not answer. You hear of it again" in english.get_content()
    assert turkish["Subject"] == "“Stok” başarısız oldu"
    assert "başarısız oldu" in turkish.get_content()


def test_forty_tasks_that_fail_are_one_mail_to_each_person(database: str, mailbox: Mailbox) -> None:
    tasks = [a_task(f"task-{number}", alert_recipients=["me@example.com"]) for number in range(40)]
    for task in tasks:
        end(task)
    assert send_what_is_told() == 1
    [letter] = mailbox.letters
    assert letter["Subject"] == "40 tasks failed"
    assert "… and 35 more." in letter.get_content()
    assert letter.get_content().rstrip().endswith(f"All of them: {settings().web_url}")


def test_what_failed_and_what_works_again_is_told_together(database: str, mailbox: Mailbox) -> None:
    one, other = (a_task(slug, alert_recipients=["me@example.com"]) for slug in ("one", "two"))
    end(one)
    end(one, RunState.SUCCEEDED)
    end(other)
    assert send_what_is_told() == 1
    assert mailbox.letters[0]["Subject"] == "3 news of your tasks"


def test_the_few_that_fail_are_told_before_the_many_that_work_again(
    database: str, mailbox: Mailbox
) -> None:
    tasks = [a_task(f"task-{number}", alert_recipients=["me@example.com"]) for number in range(7)]
    for task in tasks[:6]:
        end(task)
    send_what_is_told()
    for task in tasks[:6]:
        end(task, RunState.SUCCEEDED)
    end(tasks[6])
    assert send_what_is_told(timedelta(minutes=5)) == 1
    letter = mailbox.letters[1]
    assert letter["Subject"] == "7 news of your tasks"
    assert letter.get_content().startswith("- “Task 6” failed at ")


def test_the_next_mail_to_the_same_people_comes_after_some_minutes(
    database: str, mailbox: Mailbox
) -> None:
    one, other = (a_task(slug, alert_recipients=["me@example.com"]) for slug in ("one", "two"))
    end(one)
    send_what_is_told()
    end(other)
    assert send_what_is_told() == 0
    assert send_what_is_told(timedelta(minutes=5)) == 1
    assert mailbox.letters[1]["Subject"] == "“Two” failed"


def test_other_people_do_not_wait_for_that(database: str, mailbox: Mailbox) -> None:
    one = a_task("one", alert_recipients=["me@example.com"])
    other = a_task("two", alert_recipients=["you@example.com"])
    end(one)
    send_what_is_told()
    end(other)
    assert send_what_is_told() == 1


def test_while_the_mail_server_is_away_nobody_is_forgotten(database: str, mailbox: Mailbox) -> None:
    task = a_task(alert_recipients=["desk@example.com"])
    a_follower(task, "bora", language="tr")
    end(task)
    mailbox.refused = {"bora@example.com": "450 grey"}
    assert send_what_is_told() == 0
    mailbox.refused = {}
    assert send_what_is_told() == 1
    assert [str(letter["To"]) for letter in mailbox.letters] == [
        "desk@example.com",
        "bora@example.com",
    ]
