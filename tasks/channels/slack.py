"""A message to a room of Slack, by its incoming webhook."""

import json
from collections.abc import Sequence
from typing import Any

from tasks.channels.settings import MessageSettings, kept_settings
from tasks.channels.settings_secret import secrets_of
from tasks.channels.webhook_post import post
from tasks.channels.wording import Message, message_of, test_message
from tasks.models import Artifact, Channel, Delivery

ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def send(delivery: Delivery, channel: Channel, artifacts: Sequence[Artifact]) -> str:
    """Post a message; raises Refused, Unreachable or Uncertain."""
    settings = kept_settings(MessageSettings, channel.settings)
    _post(channel, message_of(delivery, artifacts, settings.link))
    return ""


def try_out(channel: Channel) -> str:
    """Post a message that says that it is a test; returns the host that took it."""
    settings = kept_settings(MessageSettings, channel.settings)
    _post(channel, test_message(channel.title))
    return settings.host


def payload_of(message: Message) -> dict[str, Any]:
    """Return blocks of plain text, which know no mark-up; `text` does, and is escaped."""
    lines = [f"{name}: {value}" if name else value for name, value in message.lines]
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": _plain(message.title or "–")},
        {"type": "section", "text": _plain("\n".join(lines) or "–")},
    ]
    if message.link:
        button = {"type": "button", "text": _plain(message.link_word), "url": message.link}
        blocks.append({"type": "actions", "elements": [button]})
    return {"text": message.title.translate(ESCAPES), "blocks": blocks}


def _post(channel: Channel, message: Message) -> None:
    body = json.dumps(payload_of(message), ensure_ascii=False).encode()
    post(secrets_of(channel).get("url", ""), body, {"content-type": "application/json"})


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}
