"""Links to the files of a delivery: signed, so that nobody makes one up, and over after some days.

A link names its delivery and not a file: once the files of that delivery are gone, so is its use.
"""

import re
from datetime import datetime, timedelta

from tasks.settings import settings
from tasks.signing import is_signed, signature

PATH = "/files/"
UNSUBSCRIBING = "/unsubscribe/"
USE = b"orchestrator: a link to the files of a delivery"
"""What the key is for, so that nothing else that it signs can pass for a link."""
TOKEN = re.compile(r"([1-9][0-9]{0,18})\.([1-9][0-9]{0,10})\.([A-Za-z0-9_-]{43})")
LARGEST_ID = 2**63 - 1


def link_for(delivery_id: int, *, now: datetime) -> str:
    """Return an address that gives whoever has it the files of the delivery for some days.

    Raises Invalid where the installation has no secret key.
    """
    until = int((now + timedelta(days=settings().link_days)).timestamp())
    named = f"{delivery_id}.{until}"
    return f"{settings().web_url.rstrip('/')}{PATH}{named}.{signature(USE, named)}"


def delivery_named(token: str, *, now: datetime) -> int | None:
    """Return the id of the delivery that the token is for; None where it is wrong or over."""
    parts = TOKEN.fullmatch(token)
    if parts is None:
        return None
    delivery_id, until = int(parts[1]), int(parts[2])
    fits = is_signed(USE, f"{delivery_id}.{until}", parts[3])
    is_open = fits and now.timestamp() < until and delivery_id <= LARGEST_ID
    return delivery_id if is_open else None


def without_token(path: str) -> str:
    """Return the path of a request as it may be written down: a link's token is as a password."""
    signed = next((one for one in (PATH, UNSUBSCRIBING) if path.startswith(one)), None)
    return path if signed is None else f"{signed}…"
