"""Whose letter of the week is due, decided by one statement a person, so each goes once.

A sender that dies leaves its mark, and after a while another one takes the letter over, once: so it
arrives at most twice, with the same Message-ID, and none is lost with a process.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, case, or_, select, update
from sqlalchemy.orm import Session

from tasks.models import User
from tasks.settings import settings

AT = time(8)
"""On Mondays, in the zone of the installation."""
WEEK = timedelta(days=7)
NO_LONGER = timedelta(days=2)
"""A letter that could not go by then is left out; the next one tells of a week of its own."""
LEASE = timedelta(minutes=15)
"""So long a sender has a letter; longer than its talk with the slowest mail server."""
MOST_TAKES = 2
"""A third would be for a letter that itself ends its sender."""
NO_SYNC = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Claim:
    """A letter that somebody is to send; the instant and the count of its taking make it theirs."""

    user: User
    taken_at: datetime
    takes: int


def last_due(now: datetime) -> datetime:
    """Return the last Monday at eight, in the zone of the installation."""
    local = now.astimezone(settings().zone)
    monday = (local - timedelta(days=local.weekday())).date()
    at = datetime.combine(monday, AT, tzinfo=settings().zone)
    if at <= local:
        return at
    return datetime.combine(monday - WEEK, AT, tzinfo=settings().zone)


def waiting(session: Session, *, now: datetime) -> Sequence[int]:
    """Return the ids of those whose letter is due; those whom it was tried for come last.

    Else one whose mailbox is full would hold up all behind them.
    """
    if now - last_due(now) > NO_LONGER:
        return []
    due = select(User.id).where(*_is_due(now))
    return session.scalars(due.order_by(User.digest_taken_at.asc().nulls_first(), User.id)).all()


def claim(session: Session, user_id: int, *, now: datetime) -> Claim | None:
    """Take the letter of this person; None where somebody else has it, or had it last."""
    takes = case((_was_taken(now), User.digest_takes + 1), else_=1)
    taken = (
        update(User)
        .where(User.id == user_id, *_is_due(now))
        .values(digest_taken_at=now, digest_takes=takes)
        .returning(User)
    )
    user = session.scalars(taken, execution_options=NO_SYNC).one_or_none()
    return None if user is None else Claim(user, now, user.digest_takes)


def end(session: Session, claim: Claim, *, now: datetime) -> None:
    """Write down that the letter is done with, gone or refused, unless it was taken over."""
    _change(session, claim, {"digest_sent_at": now})


def give_back(session: Session, claim: Claim, *, now: datetime) -> None:
    """Let a letter that did not go be taken anew at once; what came of earlier takes stays open."""
    _change(session, claim, {"digest_takes": claim.takes - 1, "digest_taken_at": now - LEASE})


def _change(session: Session, claim: Claim, values: dict[str, object]) -> None:
    mine = (User.digest_taken_at == claim.taken_at, User.digest_takes == claim.takes)
    changed = update(User).where(User.id == claim.user.id, *mine).values(values)
    session.execute(changed, execution_options=NO_SYNC)


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Whether the letter of this week is wished, not done with, and in nobody's hands."""
    is_left = and_(User.digest_takes < MOST_TAKES, User.digest_taken_at <= now - LEASE)
    return (
        User.wants_digest.is_(True),
        User.is_active.is_(True),
        User.email.is_not(None),
        or_(User.digest_sent_at.is_(None), User.digest_sent_at < last_due(now)),
        or_(~_was_taken(now), is_left),
    )


def _was_taken(now: datetime) -> ColumnElement[bool]:
    """Whether anybody has taken the letter of this week."""
    begun = last_due(now)
    return and_(User.digest_taken_at.is_not(None), User.digest_taken_at >= begun)
