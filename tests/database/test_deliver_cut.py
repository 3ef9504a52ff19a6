"""A talk that takes too long is cut wherever it is, and a full disk of ours is nobody's answer."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tasks.channels.email_account import account_of
from tasks.channels.errors import Away
from tasks.channels.smtp import SmtpLine
from tasks.http.exchange import Unanswered, call
from tasks.http.target import Target
from tasks.kinds import ChannelKind
from tasks.models import DeliveryState
from tasks.settings import settings
from tests.support.channels import a_channel, saved
from tests.support.delivering import a_waiting, an_account, sent
from tests.support.waiting import wait_until
from tests.support.web_server import web_server


@pytest.fixture
def dripping() -> Iterator[tuple[int, threading.Event]]:
    """A server that greets line by line and never comes to the end; its port, and its first line.

    So do those that want to tire out whoever sends advertising.
    """
    over, begun = threading.Event(), threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            line, _ = listening.accept()
            with line:
                try:
                    while not over.wait(0.02):
                        line.sendall(b"220-wait a moment\r\n")
                        begun.set()
                except OSError:  # it was cut
                    return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        yield listening.getsockname()[1], begun
        over.set()
        thread.join(10)


def test_a_greeting_that_never_ends_is_cut(
    database: str, dripping: tuple[int, threading.Event]
) -> None:
    port, begun = dripping
    said: list[Exception] = []
    line = SmtpLine(account_of(an_account(port=port)))

    def greet() -> None:
        with closing(line):
            try:
                line.greet()
            except Away as error:
                said.append(error)

    speaking = threading.Thread(target=greet, daemon=True)
    speaking.start()
    assert begun.wait(10)

    def is_cut() -> bool:
        line.cut()
        return not speaking.is_alive()

    wait_until(is_cut, "the talk has ended", seconds=10)
    assert len(said) == 1


@pytest.fixture
def room(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATOR_HTTP_ALLOWED_HOSTS", "localhost")
    settings.cache_clear()


def test_without_room_for_an_answer_nothing_is_sent_and_it_goes_later(
    room: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with web_server() as server:
        secrets = {"url": server.url("/secret")}
        saved(a_channel(ChannelKind.SLACK, "room", secrets=secrets, host="localhost"))
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "not-there"))
        way: Any = {"channel": ChannelKind.SLACK, "channel_slug": "room"}
        waiting = sent(a_waiting(target={"title": "Sales"}, **way))
        assert server.questions == []
    assert (waiting.state, waiting.doubtful_tries) == (DeliveryState.QUEUED, 0)
    assert (waiting.error or "").startswith("This server has no room for an answer")


def test_an_answer_that_cannot_be_written_down_was_an_answer(room: None) -> None:
    with web_server() as server:
        target = Target.of(server.url("/"))
        server.answer = lambda asked: asked.say(200, b"z" * 100_000)
        with pytest.raises(Unanswered, match="disk is full"):
            call(
                target,
                "POST",
                headers={},
                body=b"{}",
                seconds=20,
                into=Path("/dev/full"),
                check=lambda: None,
            )
        assert len(server.questions) == 1
