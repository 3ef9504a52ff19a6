"""Sending the letters of the week: whoever passes first sends one, and says when it is gone."""

from datetime import datetime
from logging import getLogger

from tasks.channels.email import post, writing
from tasks.channels.errors import Refused, Uncertain, Unreachable
from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.digest.due import Claim, claim, end, give_back, last_due, waiting
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
            claimed = claim(session, user_id, now=now)
        if claimed is None:
            continue
        if not _went(claimed, now):
            break  # the mail server is away for the others too
        sent += 1
    return sent


def _went(claimed: Claim, now: datetime) -> bool:
    """Send one letter, and record its end; False where it is to be tried again."""
    is_away = _is_away(claimed.user, now)
    with transaction() as session:
        ending = give_back if is_away else end
        ending(session, claimed, now=now)
    return not is_away


def _is_away(user: User, now: datetime) -> bool:
    """Send one letter; True where the mail server takes none now."""
    address = user.email or ""
    if why := refusal_of(address):
        log.warning("letter of the week not sent", extra={"login": user.login, "why": why})
        return False
    with reading() as session:
        week = week_of(session, user, until=last_due(now))
    try:
        with writing():
            message = letter_of(user, week)
        with waiting_outside():
            post(message, [address])
    except Unreachable as error:
        log.warning("letter of the week waits", extra={"login": user.login, "why": error.message})
        return True
    except (Refused, Uncertain) as error:
        log.warning("letter of the week refused", extra={"login": user.login, "why": error.message})
    return False
