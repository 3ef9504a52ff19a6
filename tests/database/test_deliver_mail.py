"""What a mail is when it arrives: read back from a real SMTP server."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tasks.db import transaction
from tasks.links import delivery_named
from tasks.models import ArtifactRole, DeliveryState, RunState, Unsubscription
from tasks.settings import settings
from tests.support.delivering import a_waiting, an_account, as_it_is, of_run, sent
from tests.support.factories import a_run
from tests.support.mail import Mailbox, smtp_server
from tests.web.runs_support import a_file


@pytest.fixture
def mailbox(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with smtp_server() as (url, mailbox):
        monkeypatch.setenv("ORCHESTRATOR_SMTP_URL", url)
        settings.cache_clear()
        yield mailbox


def port_of_server() -> int:
    return urlsplit(settings().smtp_url.get_secret_value()).port or 0


def test_turkish_words_arrive_letter_for_letter(mailbox: Mailbox) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    name = (
        "Şubat ayı çek-senet ve İğneada satışları, çok uzun bir dosya adıyla birlikte (ğüşöçı).csv"
    )
    a_file(run, name, content="İl;Tutar\nIğdır;1\n".encode())
    subject = (
        "Günlük satış raporu — İstanbul, Iğdır, Şırnak ve çevresi için 23.11.2026 tarihli özet"
    )
    body = "Merhaba,\n\n" + "ğüşıöç" * 300 + "\n.\n..\nSon satır ünlü: İ\n"
    delivery = sent(a_waiting(run, subject=subject, body=body))
    assert (delivery.state, delivery.error) == (DeliveryState.DELIVERED, None)
    [letter] = mailbox.letters
    assert letter["Subject"] == subject
    shown = letter.get_body(("plain",))
    assert shown is not None
    assert shown.get_content().replace("\r\n", "\n") == body
    [file] = letter.iter_attachments()
    assert file.get_filename() == name
    assert file.get_payload(decode=True) == "İl;Tutar\nIğdır;1\n".encode()


def test_every_line_of_a_mail_is_short_and_of_seven_bits(mailbox: Mailbox) -> None:
    delivery = sent(a_waiting(body="ü" * 5_000, html="<p>" + "ı" * 5_000 + "</p>"))
    assert delivery.state is DeliveryState.DELIVERED
    raw = mailbox.letters[0].as_bytes()
    assert max(map(len, raw.splitlines())) <= 998
    assert raw.isascii()


def test_the_headers_of_a_mail(mailbox: Mailbox) -> None:
    target = {"cc": ["boss@example.com"], "reply_to": "ledger@example.com"}
    delivery = sent(a_waiting(target=target))
    [letter] = mailbox.letters
    assert mailbox.recipients == [["ayse@example.com"]]
    assert letter["To"] == "ayse@example.com"
    assert letter["Cc"] == "boss@example.com"
    assert letter["Reply-To"] == "ledger@example.com"
    assert letter["Message-ID"] == delivery.message_id
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Unsubscribe"].startswith(f"<{settings().web_url}/unsubscribe/")


def test_who_gets_a_copy_sees_to_whom_it_went_and_has_a_mail_of_its_own(mailbox: Mailbox) -> None:
    sent(a_waiting(recipient="hidden@example.com", target={"to": ["a@example.com"]}))
    [letter] = mailbox.letters
    assert mailbox.recipients == [["hidden@example.com"]]
    assert letter["To"] == "a@example.com"
    assert "hidden@" not in str(letter)


def test_a_picture_that_the_text_shows_is_part_of_the_text(mailbox: Mailbox) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    picture = {"media_type": "image/png", "role": ArtifactRole.PICTURE}
    a_file(run, "sales.csv")
    a_file(run, "chart-1.png", content=b"\x89PNG", **picture)
    a_file(run, "other.png", content=b"\x89PNG", **picture)
    sent(a_waiting(run, html='<p>Hello</p><img src="cid:chart-1.png">'))
    [letter] = mailbox.letters
    kinds = [part.get_content_type() for part in letter.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "text/csv",
    ]
    [shown] = [part for part in letter.walk() if part.get_content_type() == "image/png"]
    assert shown["Content-ID"] == "<chart-1.png>"
    assert shown.get_content() == b"\x89PNG"


def test_files_too_large_for_the_account_go_as_a_link(mailbox: Mailbox) -> None:
    an_account(port=port_of_server(), settings={"max_megabytes": 1})
    run = a_run(state=RunState.SUCCEEDED)
    a_file(run, "large.csv", content=b"x" * 740_000)
    target = {"language": "tr"}
    delivery = sent(a_waiting(run, channel_slug="finance", target=target, html="<p>x</p>"))
    assert delivery.state is DeliveryState.DELIVERED
    assert "larger than 1 MB" in delivery.reason
    [letter] = mailbox.letters
    assert list(letter.iter_attachments()) == []
    text, page = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert page is not None
    assert "Buradan indirebilirsiniz" in text.get_content()
    token = text.get_content().split("/files/")[1].split()[0]
    assert delivery_named(token, now=delivery.updated_at) == delivery.id
    assert f'/files/{token}">' in page.get_content()


def test_files_just_below_the_bound_are_in_the_mail(mailbox: Mailbox) -> None:
    an_account(port=port_of_server(), settings={"max_megabytes": 1})
    run = a_run(state=RunState.SUCCEEDED)
    a_file(run, "large.csv", content=b"x" * 700_000, media_type="application/pdf")
    assert sent(a_waiting(run, channel_slug="finance")).reason == ""
    assert len(list(mailbox.letters[0].iter_attachments())) == 1


@pytest.mark.parametrize(("attach", "links"), [("none", 0), ("link", 1)])
def test_a_task_may_send_no_files(mailbox: Mailbox, attach: str, links: int) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    a_file(run)
    assert sent(a_waiting(run, target={"attach": attach})).reason == ""
    [letter] = mailbox.letters
    assert list(letter.iter_attachments()) == []
    assert letter.as_string().count("/files/") == links


def test_an_account_speaks_in_its_own_name(mailbox: Mailbox) -> None:
    own = {"from_name": "Muhasebe Şubesi", "reply_to": "answers@acme.tr"}
    an_account(port=port_of_server(), settings=own)
    assert sent(a_waiting(channel_slug="finance")).state is DeliveryState.DELIVERED
    [letter] = mailbox.letters
    assert letter["From"].addresses[0].display_name == "Muhasebe Şubesi"
    assert letter["From"].addresses[0].addr_spec == "fin@acme.tr"
    assert letter["Reply-To"] == "answers@acme.tr"


def test_an_account_that_is_switched_off_or_gone_fails_in_words(mailbox: Mailbox) -> None:
    an_account(port=port_of_server(), is_active=False)
    off, gone = sent(a_waiting(channel_slug="finance")), sent(a_waiting(channel_slug="sales"))
    assert (off.state, gone.state) == (DeliveryState.FAILED, DeliveryState.FAILED)
    assert "“Finance” is switched off" in (off.error or "")
    assert "“sales” is no longer there" in (gone.error or "")


def test_who_unsubscribed_gets_nothing_and_it_says_so(mailbox: Mailbox) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    row = {"task_definition_id": run.task_definition_id, "address": "ayse@example.com"}
    with transaction() as session:
        session.add(Unsubscription(**row))
    first = a_waiting(run, "Ayse@Example.com")
    other = a_waiting(run, "can@example.com", lease_until=None)
    delivery = sent(first)
    assert delivery.state is DeliveryState.SUPPRESSED
    assert "asked not to get the mails" in delivery.reason
    assert as_it_is(other).state is DeliveryState.DELIVERED
    assert mailbox.recipients == [["can@example.com"]]


def test_no_mail_says_that_somebody_got_it_who_did_not(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_RECIPIENT_DOMAINS", "acme.tr")
    settings.cache_clear()
    run = a_run(state=RunState.SUCCEEDED)
    row = {"task_definition_id": run.task_definition_id, "address": "ayse@acme.tr"}
    with transaction() as session:
        session.add(Unsubscription(**row))
    cc = ["Ayse@acme.tr", "boss@acme.tr", "once@example.com"]
    sent(a_waiting(run, "can@acme.tr", target={"cc": cc, "to": ["ayse@acme.tr"]}))
    [letter] = mailbox.letters
    assert (letter["To"], letter["Cc"]) == ("can@acme.tr", "boss@acme.tr")


def test_an_address_outside_of_the_domains_gets_nothing(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_RECIPIENT_DOMAINS", "acme.tr")
    settings.cache_clear()
    delivery = sent(a_waiting())
    assert delivery.state is DeliveryState.SUPPRESSED
    assert "outside of the domains" in delivery.reason
    assert mailbox.letters == []


def test_all_of_a_run_go_over_one_line(mailbox: Mailbox) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    first = a_waiting(run, "r0@example.com")
    for number in range(1, 20):
        a_waiting(run, f"r{number}@example.com", lease_until=None)
    mailbox.refused = {"r7@example.com": "550 no such person"}
    sent(first)
    found = of_run(run)
    assert [one.state for one in found].count(DeliveryState.DELIVERED) == 19
    assert found[7].state is DeliveryState.FAILED
    assert "550: no such person" in (found[7].error or "")
    assert mailbox.lines == 1


@pytest.mark.parametrize("url", ["smtp://127.0.0.1:port", "smtp://[", "smtp://127.0.0.1:99999"])
def test_a_setting_that_is_no_address_fails_in_words(
    database: str, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_SMTP_URL", url)
    settings.cache_clear()
    assert sent(a_waiting()).state in (DeliveryState.FAILED, DeliveryState.QUEUED)


def test_hostile_headers_do_nothing(mailbox: Mailbox) -> None:
    delivery = sent(a_waiting(subject="Sales\r\nBcc: thief@example.com"))
    assert delivery.state is DeliveryState.DELIVERED
    (letter,) = mailbox.letters
    assert (letter["Subject"], letter["Bcc"]) == ("Sales Bcc: thief@example.com", None)
    assert mailbox.recipients == [["ayse@example.com"]]
