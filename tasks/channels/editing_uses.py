"""Whether the channels and the mail account that a task names are there, when it is saved."""

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
        channel = _channel(session, slug)
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


def check_account(session: Session, settings: Mapping[str, Any], before: Mapping[str, Any]) -> None:
    """Raise Invalid for a mail account as for a channel; none is the installation's own."""
    slug = _account(settings)
    account = _channel(session, slug) if slug else None
    if slug and (account is None or account.kind is not ChannelKind.EMAIL):
        raise Invalid(
            "There is no mail account “{slug}”. Choose another one.",
            field="mail.account",
            slug=slug,
        )
    if account is not None and not account.is_active and slug != _account(before):
        raise Invalid(
            "The mail account “{title}” is switched off. Choose another one, or let an "
            "administrator switch it on.",
            field="mail.account",
            title=account.title,
        )


def _channel(session: Session, slug: str) -> Channel | None:
    return session.scalar(select(Channel).where(Channel.slug == slug))


def _account(settings: Mapping[str, Any]) -> str:
    return str((settings.get("mail") or {}).get("account") or "")


def _named(settings: Mapping[str, Any]) -> list[str]:
    return [one["channel"] for one in settings.get("channels") or []]
