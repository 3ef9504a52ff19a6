"""A trial sends what others would get to one address, and to nobody and nowhere else."""

from typing import Any

from tasks.jobs.context import Letter
from tasks.kinds import ChannelKind
from tasks.reports.mail.page import TOP
from tasks.reports.mail.trial import MOST_PARTS, for_trial
from tasks.reports.render.layout import Language

ME = "me@example.com"


def a_letter(recipient: str = "a@example.com", **values: Any) -> Letter:
    return Letter(**({"recipient": recipient, "subject": "Open", "body": "Text"} | values))


def test_all_who_would_get_the_same_are_one_mail_that_names_them() -> None:
    (letter,) = for_trial([a_letter(), a_letter("b@example.com")], ME, Language.ENGLISH)
    assert (letter.recipient, letter.subject) == (ME, "[Trial] Open")
    assert letter.body == (
        "This is a trial. It would have gone to: a@example.com, b@example.com.\n\nText"
    )


def test_it_is_said_in_the_language_of_the_report() -> None:
    (letter,) = for_trial([a_letter(html=f"<p>{TOP}</p>")], ME, Language.TURKISH)
    assert letter.subject == "[Deneme] Open"
    assert letter.body.startswith("Bu bir denemedir. Şu kişilere giderdi: a@example.com.")
    assert "giderdi: a@example.com." in letter.html


def test_nothing_goes_over_a_channel_or_to_a_copy() -> None:
    target = {"language": "en", "to": ["a@x.com"], "cc": ["b@x.com"], "stop_link": True}
    letters = [
        a_letter(target=target, channel_slug="account"),
        a_letter("folder", channel=ChannelKind.FOLDER, channel_slug="share"),
    ]
    (letter,) = for_trial(letters, ME, Language.ENGLISH)
    assert (letter.target, letter.channel_slug) == ({"language": "en"}, "account")


def test_what_would_not_have_been_sent_comes_and_says_so() -> None:
    (letter,) = for_trial([a_letter(suppressed="No rows.")], ME, Language.ENGLISH)
    assert letter.suppressed == ""
    assert "It would not have been sent: No rows." in letter.body


def test_a_task_without_recipients_says_that_nobody_would_get_it() -> None:
    (letter,) = for_trial([a_letter("")], ME, Language.ENGLISH)
    assert (letter.recipient, "gone to nobody" in letter.body) == (ME, True)


def test_of_many_parts_a_few_come() -> None:
    letters = [a_letter(f"r{number}@x.com", part=f"P{number}") for number in range(9)]
    sent = for_trial(letters, ME, Language.ENGLISH)
    assert [one.part for one in sent] == [f"P{number}" for number in range(MOST_PARTS)]
    assert {one.recipient for one in sent} == {ME}
    assert "There are 4 more parts" in sent[0].body
    assert "more parts" not in sent[1].body


def test_rows_that_go_to_nobody_are_no_mail() -> None:
    assert for_trial([a_letter("", suppressed="No address.")], ME, Language.ENGLISH) == []


def test_many_recipients_are_counted() -> None:
    letters = [a_letter(f"r{number}@x.com") for number in range(30)]
    (letter,) = for_trial(letters, ME, Language.ENGLISH)
    assert "r19@x.com and 10 more." in letter.body
    assert "r20@x.com" not in letter.body
