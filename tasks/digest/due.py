"""Whose letter of the week is due, decided by one statement a person, so each goes once.

A sender that dies leaves its mark, and after a while another one takes the letter over, once: so it
arrives at most twice, with the same Message-ID, and none is lost with a process.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

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
FIRST, SECOND = timedelta(days=300_000), timedelta(days=600_000)
"""While a letter is sent, `digest_sent_at` is the instant at which it was taken, so far back.

No letter went in those centuries, so the one column tells who has a letter, and for which time.
"""
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)
"""Before any letter, and after every mark."""
A_CENTURY = timedelta(days=36_500)
A_SECOND = timedelta(seconds=1)
NO_SYNC = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Claim:
    """A letter that somebody is to send, and the mark by which it is theirs."""

    user: User
    mark: datetime


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
    due = select(User.id).where(*_wished(), or_(_is_due(now), _left_behind(now)))
    was_tried = case((User.digest_sent_at < LONG_AGO, 1), else_=0)
    in_turn = due.order_by(was_tried, User.digest_sent_at.asc().nulls_first(), User.id)
    return session.scalars(in_turn).all()


def claim(session: Session, user_id: int, *, now: datetime) -> Claim | None:
    """Take the letter of this person; None where somebody else has it, or had it last."""
    return _take(session, user_id, _left_behind(now), mark=now - SECOND) or _take(
        session, user_id, _is_due(now), mark=now - FIRST
    )


def end(session: Session, claim: Claim, *, now: datetime) -> None:
    """Write down that the letter is done with, gone or refused, unless it was taken over."""
    _mark(session, claim, now)


def give_back(session: Session, claim: Claim, *, now: datetime) -> None:
    """Let a letter that did not go be taken anew; one that may have gone before, a last time."""
    was_left = claim.mark <= now - SECOND
    _mark(session, claim, now - FIRST - LEASE if was_left else _begun(now) - A_SECOND)


def _take(
    session: Session, user_id: int, which: ColumnElement[bool], *, mark: datetime
) -> Claim | None:
    taken = update(User).where(User.id == user_id, *_wished(), which).values(digest_sent_at=mark)
    user = session.scalars(taken.returning(User), execution_options=NO_SYNC).one_or_none()
    return None if user is None else Claim(user, mark)


def _mark(session: Session, claim: Claim, at: datetime) -> None:
    mine = (User.id == claim.user.id, User.digest_sent_at == claim.mark)
    session.execute(update(User).where(*mine).values(digest_sent_at=at), execution_options=NO_SYNC)


def _wished() -> tuple[ColumnElement[bool], ...]:
    return User.wants_digest.is_(True), User.is_active.is_(True), User.email.is_not(None)


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Whether nobody has taken the letter of this week yet."""
    before = and_(User.digest_sent_at > LONG_AGO, User.digest_sent_at < _begun(now))
    marks = (FIRST, SECOND)
    of_weeks_before = [
        and_(
            User.digest_sent_at < _begun(now) - mark,
            User.digest_sent_at > _begun(now) - mark - A_CENTURY,
        )
        for mark in marks
    ]
    return or_(User.digest_sent_at.is_(None), before, *of_weeks_before)


def _left_behind(now: datetime) -> ColumnElement[bool]:
    """Whether the first who took the letter of this week never said what became of it."""
    return User.digest_sent_at.between(_begun(now) - FIRST, now - FIRST - LEASE)


def _begun(now: datetime) -> datetime:
    """When the letters of this week fell due; in UTC, since a zone counts differently long ago."""
    return last_due(now).astimezone(UTC)
