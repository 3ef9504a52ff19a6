"""Sending the letters of the week: whoever passes first sends one, and each goes once."""

from datetime import datetime
from logging import getLogger

from tasks.channels.email import post, writing
from tasks.channels.errors import Refused, Uncertain, Unreachable
from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.digest.due import claim, give_back, last_due, waiting
from tasks.digest.letter import letter_of
from tasks.digest.week import week_of
from tasks.forking import waiting_outside
from tasks.models import User
from tasks.recipients import refusal_of

log = getLogger(__name__)

LOOK_SECONDS = 300
"""From one look to the next; so long a mail server that is away is left alone."""


def send_digests() -> int:
    """Send the letters that are due; returns how many went."""
    now = utcnow()
    with reading() as session:
        due = waiting(session, now=now)
    sent = 0
    for user_id in due:
        with transaction() as session:
            user = claim(session, user_id, now=now)
        if user is None:
            continue
        if not _went(user, now):
            break  # the mail server is away for the others too
        sent += 1
    return sent


def _went(user: User, now: datetime) -> bool:
    """Send one letter; False where it is to be tried again."""
    address = user.email or ""
    if why := refusal_of(address):
        log.warning("letter of the week not sent", extra={"login": user.login, "why": why})
        return True
    with reading() as session:
        week = week_of(session, user, until=last_due(now))
    try:
        with writing():
            message = letter_of(user, week)
        with waiting_outside():
            post(message, [address])
    except Unreachable as error:
        log.warning("letter of the week waits", extra={"login": user.login, "why": error.message})
        with transaction() as session:
            give_back(session, user.id, now=now)
        return False
    except (Refused, Uncertain) as error:
        log.warning("letter of the week refused", extra={"login": user.login, "why": error.message})
    return True
