"""Whose letter of the week is due, decided by one statement a person, so each goes once."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from tasks.models import User
from tasks.settings import settings

AT = time(8)
"""On Mondays, in the zone of the installation."""
WEEK = timedelta(days=7)
NO_LONGER = timedelta(days=2)
"""A letter that could not go by then is left out; the next one tells of a week of its own."""


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
    return session.scalars(due.order_by(User.digest_sent_at.asc().nulls_first(), User.id)).all()


def claim(session: Session, user_id: int, *, now: datetime) -> User | None:
    """Take the letter of this person; None where somebody else has it."""
    taken = (
        update(User)
        .where(User.id == user_id, *_is_due(now))
        .values(digest_sent_at=now)
        .returning(User)
    )
    return session.scalars(taken, execution_options={"synchronize_session": False}).one_or_none()


def give_back(session: Session, user_id: int, *, now: datetime) -> None:
    """Let a letter that did not go be taken anew."""
    mine = (User.id == user_id, User.digest_sent_at == now)
    before = last_due(now) - timedelta(seconds=1)
    session.execute(
        update(User).where(*mine).values(digest_sent_at=before),
        execution_options={"synchronize_session": False},
    )


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    before = or_(User.digest_sent_at.is_(None), User.digest_sent_at < last_due(now))
    wished = (User.wants_digest.is_(True), User.is_active.is_(True), User.email.is_not(None))
    return *wished, before
