"""Deliveries of a finished run, and sending them in this process."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from tasks.channels.email_settings import EmailSettings
from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.deliveries import deliver
from tasks.encryption import encrypt
from tasks.kinds import ChannelKind
from tasks.models import Channel, Delivery, Run, RunState
from tests.support.factories import a_run


def a_waiting(run: Run | None = None, recipient: str = "ayse@example.com", **values: Any) -> int:
    """Save a delivery that a message is on its way about; returns its id."""
    run = run or a_run(state=RunState.SUCCEEDED)
    row: dict[str, Any] = {
        "run_id": run.id,
        "recipient": recipient,
        "message_id": f"<{uuid4()}@task-orchestrator>",
        "lease_until": utcnow() + timedelta(seconds=30),
        "subject": "Sales",
        "body": "See the file.",
    }
    with transaction() as session:
        delivery = Delivery(**(row | values))
        session.add(delivery)
    return delivery.id


def an_account(slug: str = "finance", *, port: int, password: str = "", **values: Any) -> Channel:
    """Save a mail account at this port of this machine."""
    given = {"host": "127.0.0.1", "port": port, "security": "none", "from_address": "fin@acme.tr"}
    settings = EmailSettings.model_validate(given | values.pop("settings", {}))
    row: dict[str, Any] = {
        "slug": slug,
        "title": "Finance",
        "kind": ChannelKind.EMAIL,
        "settings": settings.model_dump(mode="json"),
        "secret_encrypted": encrypt(password) if password else None,
    }
    with transaction() as session:
        channel = Channel(**(row | values))
        session.add(channel)
    return channel


def sent(delivery_id: int) -> Delivery:
    """Act on the message about a delivery; returns the delivery as it is then."""
    deliver(delivery_id)
    return as_it_is(delivery_id)


def as_it_is(delivery_id: int) -> Delivery:
    with reading() as session:
        return session.get_one(Delivery, delivery_id)


def of_run(run: Run) -> list[Delivery]:
    """Return the deliveries of a run in their order."""
    with reading() as session:
        mine = select(Delivery).where(Delivery.run_id == run.id).order_by(Delivery.id)
        return list(session.scalars(mine))
