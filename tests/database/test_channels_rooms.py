"""Messages to rooms of Teams and Slack: plain text whatever a task or a part is called."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tasks.channels import slack, teams
from tasks.channels.errors import Refused, Unreachable
from tasks.kinds import ChannelKind
from tasks.models import Channel, Delivery
from tasks.settings import settings
from tests.support.channels import TOLD, a_channel, a_delivery, a_file
from tests.support.web_server import WebServer, web_server

HOSTILE = [
    "<!channel> <@U123> <https://evil.example|click>",
    "*bold* _it_ ~no~ `code` > quote",
    "[click](https://evil.example) ![x](https://evil.example/x.png)",
    "<at>everyone</at> {{DATE(2026-01-01,SHORT)}} ${title}",
    "a\u202eb\x00c\nd\re",
    "& < > \" '",
    ":boom: @here",
    "x" * 5_000,
]
TEAMS, SLACK = ChannelKind.TEAMS, ChannelKind.SLACK
MODULES = {TEAMS: teams, SLACK: slack}


@pytest.fixture
def server(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    """A server that plays Teams and Slack, which a channel may call by the name `localhost`."""
    monkeypatch.setenv("ORCHESTRATOR_HTTP_ALLOWED_HOSTS", "localhost")
    settings.cache_clear()
    with web_server() as running:
        yield running


def room(kind: ChannelKind, server: WebServer, **values: Any) -> Channel:
    return a_channel(kind, secrets={"url": server.url("/services/S3CRET")}, **values)


def delivery(kind: ChannelKind, *, part: str = "", **told: Any) -> Delivery:
    found = a_delivery(kind, part=part)
    found.target = TOLD | told
    return found


def sent(server: WebServer) -> Any:
    return json.loads(server.questions[-1].body)


def texts_of(message: Any) -> list[str]:
    """Return every text of a message that a person would read."""
    if isinstance(message, dict):
        own = [message["text"]] if isinstance(message.get("text"), str) else []
        return own + [text for one in message.values() for text in texts_of(one)]
    return [text for one in message for text in texts_of(one)] if isinstance(message, list) else []


def test_teams_gets_a_card(server: WebServer) -> None:
    teams.send(delivery(TEAMS, part="North"), room(TEAMS, server), [a_file()])
    message = sent(server)
    (attachment,) = message["attachments"]
    card = attachment["content"]
    assert (message["type"], attachment["contentType"]) == ("message", teams.CARD)
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    lines = ["".join(run["text"] for run in one["inlines"]) for one in card["body"]]
    assert lines == [
        "Overdue receivables",
        "For: 2026-03-16 09:00",
        "Part: North",
        "Rows: 1,204",
        "Balance: 1,234,567.50",
        "Files: overdue.xlsx",
    ]
    assert card["actions"] == [
        {"type": "Action.OpenUrl", "title": "Open the run", "url": "http://127.0.0.1:8000/runs/7"}
    ]


def test_slack_gets_blocks(server: WebServer) -> None:
    slack.send(delivery(SLACK), room(SLACK, server, link="files"), [a_file()])
    message = sent(server)
    head, section, actions = message["blocks"]
    assert message["text"] == "Overdue receivables"
    assert head["text"]["text"] == "Overdue receivables"
    assert section["text"]["text"].splitlines() == [
        "For: 2026-03-16 09:00",
        "Rows: 1,204",
        "Balance: 1,234,567.50",
        "Files: overdue.xlsx",
    ]
    (button,) = actions["elements"]
    assert button["text"]["text"] == "Open the files"
    assert button["url"].startswith("http://127.0.0.1:8000/files/41.")


@pytest.mark.parametrize("kind", MODULES)
def test_a_report_in_turkish_is_told_of_in_turkish(server: WebServer, kind: ChannelKind) -> None:
    told = delivery(kind, language="tr", title="Vadesi geçmiş alacaklar")
    MODULES[kind].send(told, room(kind, server), [a_file()])
    text = "\n".join(texts_of(sent(server)))
    assert "Vadesi geçmiş alacaklar" in text
    assert "1.234.567,50" in text
    assert "Satır: " in text


@pytest.mark.parametrize("kind", MODULES)
@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_stays_plain_text(server: WebServer, kind: ChannelKind, text: str) -> None:
    figures = {text: {"total": "1"}, "b": {"total": text}}
    told = delivery(kind, part=text, title=text, figures=figures)
    MODULES[kind].send(told, room(kind, server), [a_file(text.replace("/", "-")[:100])])
    body = server.questions[-1].body
    message = json.loads(body)
    assert len(body) < 25_000
    for one in texts_of(message):
        assert all(line.isprintable() for line in one.split("\n"))
    if kind is SLACK:
        assert not set("<>") & set(message["text"])
        assert all(one["text"]["type"] == "plain_text" for one in message["blocks"][:2])
        assert len(message["blocks"][0]["text"]["text"]) <= 150
        assert len(message["blocks"][1]["text"]["text"]) <= 3_000
    else:
        blocks = message["attachments"][0]["content"]["body"]
        assert {one["type"] for one in blocks} == {"RichTextBlock"}
        assert not any("{{" in one for one in texts_of(message))


@pytest.mark.parametrize("kind", MODULES)
def test_a_room_that_is_gone_is_refused_and_a_busy_one_is_tried_again(
    server: WebServer, kind: ChannelKind
) -> None:
    server.answer = lambda asked: asked.say(404, b"no_service")
    with pytest.raises(Refused, match="answered 404: no_service") as refused:
        MODULES[kind].send(delivery(kind), room(kind, server), [])
    assert "S3CRET" not in refused.value.message
    server.answer = lambda asked: asked.say(429, b"slow down")
    with pytest.raises(Unreachable, match="answered 429"):
        MODULES[kind].send(delivery(kind), room(kind, server), [])


@pytest.mark.parametrize("kind", MODULES)
def test_a_test_says_that_it_is_one(server: WebServer, kind: ChannelKind) -> None:
    channel = room(kind, server, title="Finance", host="localhost")
    assert MODULES[kind].try_out(channel) == "localhost"
    assert "This is a test of the channel “Finance”. Messages arrive here." in "\n".join(
        texts_of(sent(server))
    )


@pytest.mark.parametrize("kind", MODULES)
def test_a_run_without_files_leads_to_its_page(server: WebServer, kind: ChannelKind) -> None:
    MODULES[kind].send(delivery(kind), room(kind, server, link="files"), [])
    assert b"http://127.0.0.1:8000/runs/7" in server.questions[-1].body
