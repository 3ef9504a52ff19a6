"""The channels for a screen, and by name."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.errors import NotFound
from tasks.kinds import ChannelKind
from tasks.models import Channel


def channel_named(session: Session, slug: str) -> Channel:
    """Return the channel of this name; raises NotFound."""
    channel = session.scalar(select(Channel).where(Channel.slug == slug))
    if channel is None:
        raise NotFound("There is no channel “{slug}”.", slug=slug)
    return channel


def channels(session: Session) -> Sequence[Channel]:
    """Return all channels by title."""
    return session.scalars(select(Channel).order_by(Channel.title)).all()


def channels_beside_mail(session: Session) -> Sequence[Channel]:
    """Return the channels that a task may use beside its mail, by title."""
    wanted = select(Channel).where(Channel.kind != ChannelKind.EMAIL)
    return session.scalars(wanted.order_by(Channel.title)).all()
