"""Mails that came back: another mail server says later that a delivered one went nowhere.

It says so in a report of non-delivery (RFC 3464), sent to the address that mails come from.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from logging import getLogger

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from tasks.clock import utcnow
from tasks.deliveries.planning import OURS
from tasks.errors import Invalid, NotFound, mark
from tasks.incidents.deliveries import delivery_ended
from tasks.jobs.context import storable
from tasks.models import Delivery, DeliveryState

log = getLogger(__name__)

LONGEST_WHY = 500
"""Letters of what the other server says that are kept."""
CAME_BACK = mark("It came back from the recipient's mail server: {why}")
OF_A_RUN = re.compile(rf"<([1-9][0-9]{{0,17}})\.[^@]*{OURS}")
SENT = (DeliveryState.DELIVERED, DeliveryState.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class Bounce:
    """Which mail came back, by its Message-ID, and why, in the words of the other server."""

    message_id: str
    why: str


def bounce_of(report: bytes) -> Bounce:
    """Read a report of non-delivery; raises Invalid for any other mail, a delay for example."""
    parts = list(message_from_bytes(report).walk())
    failures = [one for one in _statuses(parts) if _field(one, "Action").lower() == "failed"]
    returned = [named for one in parts[1:] if (named := _returned(one))]
    if not failures or not returned:
        raise Invalid("This is no report of a mail that could not be delivered (RFC 3464).")
    said = _field(failures[0], "Diagnostic-Code") or _field(failures[0], "Status")
    why = said.partition(";")[2].strip() or said
    return Bounce(returned[0], storable(why)[:LONGEST_WHY])


def note_bounce(session: Session, bounce: Bounce) -> Delivery:
    """Say of the delivery that it failed; raises NotFound where none was sent under that name."""
    error = CAME_BACK.format(why=bounce.why)
    delivery = _failed(session, bounce.message_id, error)
    if delivery is None:
        raise NotFound(
            "No mail {id} was sent from here, or it is told already.", id=bounce.message_id
        )
    log.info("delivery came back", extra={"delivery_id": delivery.id, "run_id": delivery.run_id})
    delivery_ended(session, delivery, DeliveryState.FAILED, now=utcnow(), error=error)
    return delivery


def _failed(session: Session, message_id: str, error: str) -> Delivery | None:
    """Say that the delivery of this mail failed; None where there is none that was sent."""
    if not message_id.endswith(OURS):
        return None
    return session.scalars(
        update(Delivery)
        .where(*_is_called(message_id), Delivery.state.in_(SENT))
        .values(state=DeliveryState.FAILED, error=error, delivered_at=None)
        .returning(Delivery),
        execution_options={"synchronize_session": False},
    ).one_or_none()


def _is_called(message_id: str) -> Iterator[ColumnElement[bool]]:
    """No index knows the names of mails, but the run that a name begins with has one.

    A mail of before its name began so is looked for among all.
    """
    yield Delivery.message_id == message_id
    if named := OF_A_RUN.fullmatch(message_id):
        yield Delivery.run_id == int(named[1])


def _statuses(parts: list[Message]) -> Iterator[Message]:
    """Yield what the report says of each recipient; its first block is about the whole."""
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            yield from (one for one in blocks if isinstance(one, Message))


def _returned(part: Message) -> str:
    """Return the Message-ID of the mail that came back; empty where the part does not hold it."""
    if part.get_content_type() == "text/rfc822-headers":
        headers = part.get_payload(decode=True)
        part = message_from_bytes(headers if isinstance(headers, bytes) else b"")
    return _field(part, "Message-ID")


def _field(part: Message, name: str) -> str:
    return " ".join(str(part.get(name, "")).split())
