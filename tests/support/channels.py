"""Channels, and deliveries over them, as a worker has them in its hands."""

import hashlib
from pathlib import Path
from typing import Any

from tasks.channels.settings import settings_of
from tasks.channels.settings_secret import encrypted
from tasks.db import transaction
from tasks.kinds import ChannelKind
from tasks.models import Artifact, ArtifactStore, Channel, Delivery
from tasks.settings import settings

TOLD = {
    "task": "overdue-receivables",
    "title": "Overdue receivables",
    "date": "2026-03-16",
    "time": "09:00",
    "language": "en",
    "rows": 1204,
    "figures": {"Balance": {"kind": "decimal", "count": 1204, "total": "1234567.50"}},
}


def a_channel(kind: ChannelKind, slug: str = "finance", **values: Any) -> Channel:
    """Return a channel; `secrets` by name, settings of its kind, and its own columns."""
    columns = {name: values.pop(name) for name in ("title", "is_active") if name in values}
    secrets = values.pop("secrets", {})
    return Channel(
        slug=slug,
        kind=kind,
        settings=settings_of(kind, values).model_dump(mode="json"),
        secret_encrypted=encrypted(kind, secrets),
        version=1,
        **({"title": "Finance share", "is_active": True} | columns),
    )


def saved(channel: Channel) -> Channel:
    """Save a channel."""
    with transaction() as session:
        session.add(channel)
    return channel


def a_file(name: str = "overdue.xlsx", content: bytes = b"rows") -> Artifact:
    """Write a file as a run keeps it; it lies in the folder of artifacts."""
    path = Path("0000") / "7" / "1" / hashlib.sha256(name.encode()).hexdigest()
    whole = settings().artifacts_dir / path
    whole.parent.mkdir(parents=True, exist_ok=True)
    whole.write_bytes(content)
    return Artifact(
        run_id=7,
        attempt=1,
        store=ArtifactStore.HOME,
        name=name,
        path=str(path),
        media_type="application/octet-stream",
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def a_delivery(kind: ChannelKind, *, name: str = "", part: str = "", tries: int = 1) -> Delivery:
    """Return a delivery that is being sent; `name` is the pattern of the task."""
    return Delivery(
        id=41,
        run_id=7,
        recipient="Finance share",
        channel=kind,
        channel_slug="finance",
        part=part,
        target=TOLD | {"name": name},
        message_id="<6d9e@task-orchestrator>",
        tries=tries,
    )
