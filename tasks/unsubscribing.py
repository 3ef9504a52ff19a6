"""Recipients who do not want a task's mails any more, and may change their minds.

The address in each mail is signed for its recipient and task, and is never over: whoever keeps
an old mail may stop, or come back, years later.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from logging import getLogger

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session

from tasks.db import insert_once
from tasks.links import UNSUBSCRIBING
from tasks.models import TaskDefinition, Unsubscription
from tasks.settings import settings
from tasks.signing import is_signed, signature

log = getLogger(__name__)

USE = b"orchestrator: to stop the mails of a task"
TOKEN = re.compile(r"([1-9][0-9]{0,18})\.([A-Za-z0-9_-]{1,440})\.([A-Za-z0-9_-]{43})")
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who gets the mails of a task; the address in small letters."""

    task_id: int
    address: str


def stop_url(task_id: int, address: str) -> str:
    """Return where this recipient stops the mails of this task; raises Invalid without a key."""
    kept = base64.urlsafe_b64encode(address.lower().encode()).rstrip(b"=").decode()
    named = f"{task_id}.{kept}"
    return f"{settings().web_url.rstrip('/')}{UNSUBSCRIBING}{named}.{signature(USE, named)}"


def reader_named(token: str) -> Reader | None:
    """Return whom the token of such an address names; None where it is wrong."""
    parts = TOKEN.fullmatch(token)
    if parts is None or not is_signed(USE, f"{parts[1]}.{parts[2]}", parts[3]):
        return None
    task_id = int(parts[1])
    try:
        address = base64.urlsafe_b64decode(parts[2] + "=" * (-len(parts[2]) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return Reader(task_id, address) if task_id <= LARGEST_ID else None


def task_of(session: Session, reader: Reader) -> TaskDefinition | None:
    """Return the task whose mails these are; None where it is gone."""
    return session.get(TaskDefinition, reader.task_id)


def has_stopped(session: Session, reader: Reader) -> bool:
    """Whether the reader gets no mails of this task."""
    return bool(session.scalar(select(exists().where(*_of(reader)))))


def who_stopped(session: Session, task_id: int) -> frozenset[str]:
    """Return the addresses that get no mails of this task, in small letters."""
    of_task = Unsubscription.task_definition_id == task_id
    return frozenset(session.scalars(select(Unsubscription.address).where(of_task)))


def stop(session: Session, reader: Reader) -> None:
    """Send the reader no more mails of this task; again is the same as once."""
    row = {"task_definition_id": reader.task_id, "address": reader.address}
    insert_once(session, Unsubscription, row)
    log.info("recipient unsubscribed", extra={"task_id": reader.task_id})


def come_back(session: Session, reader: Reader) -> None:
    """Send the reader the mails of this task again, where a task names this address."""
    session.execute(delete(Unsubscription).where(*_of(reader)))
    log.info("recipient came back", extra={"task_id": reader.task_id})


def _of(reader: Reader) -> tuple[ColumnElement[bool], ...]:
    return (
        Unsubscription.task_definition_id == reader.task_id,
        Unsubscription.address == reader.address,
    )
