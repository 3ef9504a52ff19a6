"""Whether the channels that a task names are there, when the task is saved."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.errors import Invalid
from tasks.kinds import ChannelKind
from tasks.models import Channel


def check_uses(session: Session, settings: Mapping[str, Any], before: Mapping[str, Any]) -> None:
    """Raise Invalid for a channel that is not there, or is off and was not chosen `before`."""
    known = _named(before)
    for slug in _named(settings):
        channel = session.scalar(select(Channel).where(Channel.slug == slug))
        if channel is None or channel.kind is ChannelKind.EMAIL:
            raise Invalid(
                "There is no channel “{slug}” that takes files. Choose another one.",
                field="channels",
                slug=slug,
            )
        if not channel.is_active and slug not in known:
            raise Invalid(
                "The channel “{title}” is switched off. Choose another one, or let an "
                "administrator switch it on.",
                field="channels",
                title=channel.title,
            )


def _named(settings: Mapping[str, Any]) -> list[str]:
    return [one["channel"] for one in settings.get("channels") or []]
