"""A program that is told of each run: signed, so that it can know who told it."""

import hashlib
import hmac
import json
import secrets as randomness
from collections.abc import Sequence
from typing import Any

from urllib3.fields import RequestField
from urllib3.filepost import encode_multipart_formdata

from tasks.channels.contents import chunks_of
from tasks.channels.settings import WebhookSettings, kept_settings
from tasks.channels.settings_secret import secrets_of
from tasks.channels.target import told_of
from tasks.channels.webhook_post import post
from tasks.clock import utcnow
from tasks.errors import mark
from tasks.links import link_for
from tasks.models import Artifact, Channel, Delivery

SECONDS = 120.0
"""For the message and its answer, files and all."""
MOST_BYTES = 20_000_000
"""Of files that are sent along; more of them are told of, with a link."""
TOO_LARGE = mark("The files are too large to be sent along, so it got links to them.")
SIGNATURE, TIMESTAMP = "X-Orchestrator-Signature", "X-Orchestrator-Timestamp"


def send(delivery: Delivery, channel: Channel, artifacts: Sequence[Artifact]) -> str:
    """Tell the program of the run; raises Refused, Unreachable or Uncertain.

    Returns what is unusual: that the files were too large to go with it.
    """
    settings = kept_settings(WebhookSettings, channel.settings)
    is_small = sum(one.bytes for one in artifacts) <= MOST_BYTES
    message = json.dumps(_message(delivery, artifacts), ensure_ascii=False).encode()
    with_files = artifacts if settings.files and is_small else ()
    body, media_type = _body(message, with_files)
    _post(channel, body, media_type, key=delivery.message_id.strip("<>"))
    if settings.files and not is_small:
        return TOO_LARGE
    return ""


def try_out(channel: Channel) -> str:
    """Send a message that says that it is a test; returns the host that took it."""
    settings = kept_settings(WebhookSettings, channel.settings)
    body = json.dumps({"test": True, "channel": channel.slug}).encode()
    _post(channel, body, "application/json", key=randomness.token_hex(16))
    return settings.host


def signature(key: str, timestamp: str, body: bytes) -> str:
    """Return what the header says: HMAC-SHA256 over the time, a dot, and the body as it is sent."""
    signed = timestamp.encode() + b"." + body
    return "v1=" + hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()


def _post(channel: Channel, body: bytes, media_type: str, *, key: str) -> None:
    secrets = secrets_of(channel)
    timestamp = str(int(utcnow().timestamp()))
    headers = {
        "content-type": media_type,
        "Idempotency-Key": key,
        TIMESTAMP: timestamp,
        SIGNATURE: signature(secrets.get("signing_key", ""), timestamp, body),
    }
    post(secrets.get("url", ""), body, headers, seconds=SECONDS)


def _message(delivery: Delivery, artifacts: Sequence[Artifact]) -> dict[str, Any]:
    told = told_of(delivery)
    link = link_for(delivery.id, now=utcnow()) if artifacts else ""
    return {
        "run": delivery.run_id,
        "task": told.task,
        "title": told.title,
        "date": told.date,
        "time": told.time,
        "part": delivery.part,
        "recipient": delivery.recipient,
        "rows": told.rows,
        "figures": told.figures,
        "files": [
            {
                "name": one.name,
                "media_type": one.media_type,
                "bytes": one.bytes,
                "sha256": one.sha256,
                "link": link,
            }
            for one in artifacts
        ],
    }


def _body(message: bytes, files: Sequence[Artifact]) -> tuple[bytes, str]:
    if not files:
        return message, "application/json"
    fields = [RequestField("message", message, headers={"Content-Type": "application/json"})]
    for one in files:
        content = b"".join(chunks_of(one))
        fields.append(RequestField("files", content, one.name, {"Content-Type": one.media_type}))
    for field in fields:
        field.make_multipart(content_type=field.headers["Content-Type"])
    return encode_multipart_formdata(fields)
