"""What hostile servers say: it is told in words, and never stands in the way of the end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from tasks.alert_mails import send_alerts
from tasks.alerts import raise_alert
from tasks.channels.errors import Unreachable
from tasks.channels.sftp import send
from tasks.db import reading, transaction
from tasks.deliveries.ending import LONGEST_ERROR
from tasks.kinds import ChannelKind
from tasks.models import AlertKind, AlertMail, AlertMailState, DeliveryState
from tasks.settings import settings
from tests.support.bad_mail import bad_mail_server
from tests.support.channels import a_channel, a_delivery, a_file, saved
from tests.support.delivering import a_waiting, sent
from tests.support.sftp import PASSWORD, USER, SftpServer, sftp_server
from tests.support.web_server import web_server

ANSWERS = {
    "no\0such\0user": "nosuchuser",
    "\x1b[2J\x07 Olmadı": "Olmadı",
    "<script>alert(1)</script>": "<script>",
    "a" * 7_000: "aaaa",
    "\r\n".join(["of many lines", *["550-" + "b" * 7_000] * 50, "550 last"]): "many lines",
}


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("answer", ANSWERS, ids=range(len(ANSWERS)))
def test_whatever_a_mail_server_says_the_letter_is_refused_once(
    answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = "550-" if "\r\n" in answer else "550 "
    with bad_mail_server(first + answer) as server:
        monkeypatch.setenv("ORCHESTRATOR_SMTP_URL", server.url)
        settings.cache_clear()
        delivery = sent(a_waiting())
    assert (delivery.state, delivery.tries, len(server.letters)) == (DeliveryState.FAILED, 1, 1)
    error = delivery.error or ""
    assert ANSWERS[answer] in error
    assert len(error) <= LONGEST_ERROR
    assert "\0" not in error


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("answer", ["554 no\0such", "554 " + "a" * 7_000])
def test_whatever_a_mail_server_says_to_an_alert_it_is_told_once(
    answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as session:
        raise_alert(
            session,
            AlertKind.SCHEDULER_SILENT,
            key="now",
            template="It is {what}.",
            values={"what": "late"},
            recipients=["ayse@example.com"],
        )
    with bad_mail_server(answer) as server:
        monkeypatch.setenv("ORCHESTRATOR_SMTP_URL", server.url)
        settings.cache_clear()
        send_alerts()
    with reading() as session:
        mail = session.scalars(select(AlertMail)).one()
    assert (mail.state, mail.tries, len(server.letters)) == (AlertMailState.FAILED, 1, 1)
    assert len(mail.error or "") <= LONGEST_ERROR


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("answer", [b"\0\xff\xfe", b"\x1b]0;x\x07", b"z" * 1_000_000])
def test_whatever_a_program_answers_it_is_told_in_a_line(
    answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_HTTP_ALLOWED_HOSTS", "localhost")
    settings.cache_clear()
    with web_server() as server:
        server.answer = lambda asked: asked.say(403, answer)
        url = server.url("/S3CRET-path")
        saved(a_channel(ChannelKind.SLACK, "room", secrets={"url": url}, host="localhost"))
        target = {"title": "Sales", "date": "2026-03-16"}
        delivery = sent(a_waiting(channel=ChannelKind.SLACK, channel_slug="room", target=target))
    assert (delivery.state, len(server.questions)) == (DeliveryState.FAILED, 1)
    assert "localhost" in (delivery.error or "")
    assert "S3CRET" not in (delivery.error or "")
    assert len(delivery.error or "") < 400
    assert (delivery.error or "").isprintable()


@pytest.fixture
def server(home: Path, tmp_path: Path) -> Iterator[SftpServer]:
    (tmp_path / "sftp" / "in").mkdir(parents=True)
    with sftp_server(tmp_path / "sftp") as running:
        yield running


@pytest.mark.parametrize(
    "said", [b"Yaz\xfdlamad\xfd", b"\xff\xfe\0", b"x" * 200_000], ids=["cp1254", "nul", "long"]
)
def test_words_of_a_server_in_any_letters_are_told(server: SftpServer, said: bytes) -> None:
    server.refusal = said
    channel = a_channel(
        ChannelKind.SFTP,
        host="127.0.0.1",
        port=server.port,
        user=USER,
        folder="/in",
        host_key=server.pinned,
        secrets={"password": PASSWORD},
    )
    with pytest.raises(Unreachable) as told:
        send(a_delivery(ChannelKind.SFTP), channel, [a_file()])
    assert "127.0.0.1" in told.value.message
    assert PASSWORD not in told.value.message
    assert list((server.root / "in").iterdir()) == []
