"""A message to a room of Microsoft Teams, by the address of its workflow."""

import json
from collections.abc import Sequence
from typing import Any

from tasks.channels.settings import MessageSettings, kept_settings
from tasks.channels.settings_secret import secrets_of
from tasks.channels.webhook_post import post
from tasks.channels.wording import Message, message_of, test_message
from tasks.models import Artifact, Channel, Delivery

CARD = "application/vnd.microsoft.card.adaptive"
SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"


def send(delivery: Delivery, channel: Channel, artifacts: Sequence[Artifact]) -> str:
    """Post a card; raises Refused, Unreachable or Uncertain."""
    settings = kept_settings(MessageSettings, channel.settings)
    _post(channel, message_of(delivery, artifacts, settings.link))
    return ""


def try_out(channel: Channel) -> str:
    """Post a card that says that it is a test; returns the host that took it."""
    settings = kept_settings(MessageSettings, channel.settings)
    _post(channel, test_message(channel.title))
    return settings.host


def card_of(message: Message) -> dict[str, Any]:
    """Return the card: runs of plain text, since those alone know no markdown and no mentions."""
    body = [_text([_run(message.title, weight="Bolder", size="Large")])]
    for name, value in message.lines:
        named = [_run(f"{name}: ", weight="Bolder")] if name else []
        body.append(_text([*named, _run(value)]))
    card: dict[str, Any] = {"$schema": SCHEMA, "type": "AdaptiveCard", "version": "1.4"}
    card["body"] = body
    if message.link:
        opened = {"type": "Action.OpenUrl", "title": message.link_word, "url": message.link}
        card["actions"] = [opened]
    return card


def _post(channel: Channel, message: Message) -> None:
    attachment = {"contentType": CARD, "contentUrl": None, "content": card_of(message)}
    body = json.dumps({"type": "message", "attachments": [attachment]}, ensure_ascii=False)
    url = secrets_of(channel).get("url", "")
    post(url, body.encode(), {"content-type": "application/json"})


def _text(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": list(runs)}


def _run(text: str, **look: str) -> dict[str, Any]:
    """A piece of text; two braces would begin a function such as {{DATE(…)}}."""
    return {"type": "TextRun", "text": text.replace("{{", "{ {"), **look}
