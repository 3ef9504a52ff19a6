"""A program that is told of each run: what it gets, signed, and what its answer means."""

import hashlib
import hmac
import json
import re
import socket
import threading
from collections.abc import Iterator
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Any

import pytest

from tasks.channels import webhook
from tasks.channels.errors import Refused, Uncertain, Unreachable
from tasks.channels.settings_secret import check_address
from tasks.channels.webhook import send, try_out
from tasks.channels.webhook_post import post
from tasks.errors import Invalid, OrchestratorError
from tasks.kinds import ChannelKind
from tasks.models import Channel, Delivery
from tasks.settings import settings
from tests.support.channels import a_channel, a_delivery, a_file
from tests.support.web_server import Asked, WebServer, web_server

KEY = "a key that two programs share"
PATH = "/hooks/T0P-S3CRET"


@pytest.fixture
def server(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    """A server that a channel may call by the name `localhost`."""
    monkeypatch.setenv("ORCHESTRATOR_HTTP_ALLOWED_HOSTS", "localhost")
    settings.cache_clear()
    with web_server() as running:
        yield running


def channel_to(url: str, **values: Any) -> Channel:
    secrets = {"url": url, "signing_key": KEY}
    return a_channel(ChannelKind.WEBHOOK, secrets=secrets, **values)


def delivery(**values: Any) -> Delivery:
    return a_delivery(ChannelKind.WEBHOOK, **values)


def test_a_program_is_told_of_the_run_and_its_files(server: WebServer) -> None:
    told = send(delivery(part="North"), channel_to(server.url(PATH)), [a_file(content=b"rows")])
    (asked,) = server.questions
    message = json.loads(asked.body)
    link = message["files"][0].pop("link")
    assert (told, asked.method, asked.path) == ("", "POST", PATH)
    assert link.startswith("http://127.0.0.1:8000/files/41.")
    assert message == {
        "run": 7,
        "task": "overdue-receivables",
        "title": "Overdue receivables",
        "date": "2026-03-16",
        "time": "09:00",
        "part": "North",
        "recipient": "Finance share",
        "rows": 1204,
        "figures": {"Balance": {"kind": "decimal", "count": 1204, "total": "1234567.50"}},
        "files": [
            {
                "name": "overdue.xlsx",
                "media_type": "application/octet-stream",
                "bytes": 4,
                "sha256": hashlib.sha256(b"rows").hexdigest(),
            }
        ],
    }


def test_the_message_is_signed_and_a_second_try_has_the_same_key(server: WebServer) -> None:
    for tries in (1, 2):
        send(delivery(tries=tries), channel_to(server.url(PATH)), [])
    for asked in server.questions:
        timestamp = asked.headers["x-orchestrator-timestamp"]
        signed = timestamp.encode() + b"." + asked.body
        expected = hmac.new(KEY.encode(), signed, hashlib.sha256).hexdigest()
        assert asked.headers["x-orchestrator-signature"] == f"v1={expected}"
        assert asked.headers["idempotency-key"] == "6d9e@task-orchestrator"


def test_the_example_of_the_documentation_verifies_a_message(server: WebServer) -> None:
    text = (Path(__file__).parents[2] / "docs" / "channels.md").read_text("utf-8")
    example = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert example is not None
    scope: dict[str, Any] = {}
    exec(example[1], scope)
    send(delivery(), channel_to(server.url()), [])
    (asked,) = server.questions
    assert scope["is_genuine"](KEY, asked.headers, asked.body)
    assert not scope["is_genuine"]("another key", asked.headers, asked.body)
    assert not scope["is_genuine"](KEY, asked.headers, asked.body + b" ")
    older = asked.headers | {"x-orchestrator-timestamp": "1000000000"}
    assert not scope["is_genuine"](KEY, older, asked.body)


def test_the_files_go_along_where_that_is_chosen(server: WebServer) -> None:
    files = [a_file("Müşteri.xlsx", b"\x00\xffrows"), a_file("b.csv", b"")]
    send(delivery(), channel_to(server.url(), files=True), files)
    (asked,) = server.questions
    head = f"Content-Type: {asked.headers['content-type']}\r\n\r\n".encode()
    parts = list(BytesParser(policy=HTTP).parsebytes(head + asked.body).iter_parts())
    contents: list[Any] = [one.get_payload(decode=True) for one in parts]
    assert json.loads(contents[0])["run"] == 7
    assert contents[1:] == [b"\x00\xffrows", b""]
    assert "Müşteri.xlsx".encode() in asked.body


def test_files_that_are_too_large_go_as_links(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "MOST_BYTES", 3)
    told = send(delivery(), channel_to(server.url(), files=True), [a_file(content=b"rows")])
    assert told == "The files are too large to be sent along, so it got links to them."
    assert json.loads(server.questions[0].body)["files"][0]["link"]


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_every_answer_of_success_counts(server: WebServer, status: int) -> None:
    server.answer = lambda asked: asked.say(status)
    send(delivery(), channel_to(server.url()), [])


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *((status, Refused) for status in (301, 302, 303, 307, 308, 400, 401, 403, 404, 410, 413)),
        *((status, Unreachable) for status in (408, 425, 429, 500, 502, 503, 504)),
    ],
)
def test_any_other_answer_is_for_good_or_for_now(
    server: WebServer, status: int, kind: type[OrchestratorError]
) -> None:
    server.answer = lambda asked: asked.say(status, b"no <b>room</b>\n\x1b[2J", Location="/other")
    with pytest.raises(kind) as refused:
        send(delivery(), channel_to(server.url(PATH)), [])
    assert type(refused.value) is kind
    assert f"answered {status}" in refused.value.message
    assert refused.value.message.isprintable()
    assert len(server.questions) == 1


def test_an_answer_that_repeats_the_address_does_not_give_it_away(server: WebServer) -> None:
    server.answer = lambda asked: asked.say(404, f"no such page: {asked.path}".encode())
    with pytest.raises(Refused, match="no such page: …") as refused:
        send(delivery(), channel_to(server.url(PATH)), [])
    assert "S3CRET" not in str(refused.value)


def test_who_hangs_up_after_the_message_may_have_got_it(server: WebServer) -> None:
    def hang_up(asked: Asked) -> None:
        asked.close_connection = True

    server.answer = hang_up
    with pytest.raises(Uncertain, match="was told, but did not answer"):
        send(delivery(), channel_to(server.url(PATH)), [])


def test_who_does_not_answer_in_time_may_have_got_it(server: WebServer) -> None:
    never = threading.Event()
    server.answer = lambda _asked: (never.wait(5), None)[1]
    with pytest.raises(Uncertain, match="time-out") as uncertain:
        post(server.url(PATH), b"{}", {}, seconds=0.5)
    never.set()
    assert "S3CRET" not in str(uncertain.value)


def test_who_is_not_there_is_tried_again(server: WebServer) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        url = f"http://localhost:{other.getsockname()[1]}/"
        with pytest.raises(Unreachable, match="could not be reached"):
            send(delivery(), channel_to(url), [])


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://x/", "//x/"),
        *("https://user:password@example.com/", "https://example.com@127.0.0.1/", "https://"),
        *("https://example.com/a b", "https://example.com/\r\nX: 1", "javascript:alert(1)", ""),
        *("https://127.0.0.1:99999/", "https://exa mple.com/", "https://[::1/", "data:,x"),
    ],
)
def test_an_address_that_cannot_be_one_is_refused_when_it_is_saved(home: Path, url: str) -> None:
    with pytest.raises(Invalid):
        check_address(url)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "0.0.0.0"),
        *("[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[::]"),
        *("localhost", "LOCALHOST", "10.0.0.1", "192.168.1.1", "169.254.169.254", "[fd00::1]"),
        *("127。0。0。1", "①②⑦.0.0.1"),
    ],
)
def test_the_own_network_is_never_called(home: Path, host: str) -> None:
    with pytest.raises(Refused, match="lies in the own network"):
        send(delivery(), channel_to(f"https://{host}/"), [])


def test_a_name_that_means_the_own_network_the_second_time_gains_nothing(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address that was checked is the one that is called; nothing is looked up again."""
    answers = iter(["192.0.2.1", "127.0.0.1"])
    asked: list[str] = []

    def rebinding(host: str, port: int, *_rest: Any, **_options: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with pytest.raises(Refused, match="lies in the own network"):
        send(delivery(), channel_to(f"https://evil.example:{server.server_port}/"), [])
    assert (asked, server.questions) == (["evil.example"], [])


def test_a_test_says_that_it_is_one(server: WebServer) -> None:
    assert try_out(channel_to(server.url(PATH), host="localhost")) == "localhost"
    assert json.loads(server.questions[0].body) == {"test": True, "channel": "finance"}
