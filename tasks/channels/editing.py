"""Saving a channel: checked as a whole; its secrets are written and never shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.channels.errors import Refused
from tasks.channels.settings import settings_of
from tasks.channels.settings_secret import NAMES, check_secrets, encrypted, needed, secrets_of
from tasks.errors import Conflict, Invalid, NotFound, changed_meanwhile
from tasks.http.target import Target
from tasks.kinds import ChannelKind
from tasks.models import Channel, TaskDefinition
from tasks.queries.reports_naming import reports_naming
from tasks.slugs import check_slug

PLACE: Mapping[ChannelKind, Sequence[str]] = {
    ChannelKind.EMAIL: ("host", "port", "security", "user"),
    ChannelKind.SFTP: ("host", "port", "user"),
}
"""The settings that say who gets the secret: after a change it is asked for anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelContent:
    """What a person decides about a channel; a secret that is not given stays as it is kept."""

    title: str
    kind: ChannelKind
    settings: Mapping[str, Any]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    is_active: bool = True


def create_channel(session: Session, slug: str, content: ChannelContent) -> Channel:
    """Save a new channel; raises Invalid, with the field, and Conflict for a name in use."""
    check_slug(slug)
    if session.scalar(select(Channel.id).where(Channel.slug == slug)) is not None:
        raise Conflict("There is a channel “{slug}” already. Choose another short name.", slug=slug)
    channel = Channel(slug=slug, title="", kind=content.kind, settings={}, version=1)
    _take(channel, content)
    session.add(channel)
    session.flush()
    return channel


def change_channel(
    session: Session, channel: Channel, content: ChannelContent, *, version: int
) -> Channel:
    """Save a change of version `version`; raises Invalid, and Conflict for who was slower."""
    if channel.version != version:
        raise changed_meanwhile(channel.title)
    channel.version += 1
    _take(channel, content)
    session.flush()
    return channel


def confirm_host_key(session: Session, channel: Channel, host_key: str) -> None:
    """Keep the key that a person has compared; raises Invalid, and NotFound for another kind."""
    if channel.kind is not ChannelKind.SFTP:
        raise NotFound("The channel “{title}” has no key to confirm.", title=channel.title)
    found = settings_of(channel.kind, channel.settings | {"host_key": host_key})
    channel.settings = found.model_dump(mode="json")
    channel.version += 1
    session.flush()


def delete_channel(session: Session, channel: Channel) -> None:
    """Delete a channel that no task uses; raises Conflict."""
    users = [one.title for one in tasks_of(session, channel.slug)]
    if users:
        raise Conflict(
            "The channel “{title}” is used by {names}. Choose another one there first.",
            title=channel.title,
            names=", ".join(users),
        )
    session.delete(channel)
    session.flush()


def tasks_of(session: Session, slug: str) -> list[TaskDefinition]:
    """Return the tasks that use the channel of this short name, by title."""
    return [one for one in reports_naming(session, slug) if slug in channels_in(one.settings)]


def channels_in(settings: Mapping[str, Any]) -> set[str]:
    """Return the channels that a task's settings name."""
    uses = settings.get("channels") or []
    account = (settings.get("mail") or {}).get("account")
    return {one["channel"] for one in uses} | ({account} if account else set())


def _take(channel: Channel, content: ChannelContent) -> None:
    if not content.title.strip():
        raise Invalid("Give the channel a name.", field="title")
    given = {name: text.strip("\n") for name, text in content.secrets.items() if text.strip()}
    check_secrets(given)
    found = settings_of(content.kind, _whole(channel, content, given))
    _take_secrets(channel, found, given)
    channel.title = content.title.strip()[:200]
    channel.settings = found.model_dump(mode="json")
    channel.is_active = content.is_active


def _whole(channel: Channel, content: ChannelContent, given: Mapping[str, str]) -> dict[str, Any]:
    """Add what is not typed: the host of a secret address, and the key that was confirmed."""
    settings, kept = dict(content.settings), channel.settings
    if "url" in NAMES[content.kind]:
        settings["host"] = Target.of(given["url"]).host if "url" in given else kept.get("host", "")
    if content.kind is ChannelKind.SFTP:
        typed = (settings.get("host"), str(settings.get("port") or 22))
        stays = typed == (kept.get("host"), str(kept.get("port")))
        settings["host_key"] = kept.get("host_key", "") if stays else ""
    return settings


def _take_secrets(channel: Channel, found: BaseModel, given: Mapping[str, str]) -> None:
    """Keep new secrets; without one, a place that was changed would lead the old one astray."""
    kept, now = _readable(channel), found.model_dump(mode="json")
    moved = any(channel.settings.get(name) != now.get(name) for name in PLACE.get(channel.kind, ()))
    names = needed(channel.kind, found)
    for name in names:
        if name not in given and name not in kept:
            raise Invalid("Fill this in.", field=name)
        if name not in given and moved:
            raise Invalid(
                "Type it again, since the server or the user is another one now.", field=name
            )
    secrets = {name: given.get(name) or kept[name] for name in names}
    channel.secret_encrypted = encrypted(channel.kind, secrets)


def _readable(channel: Channel) -> Mapping[str, str]:
    """Return the secrets that are kept; none where their key is gone, so that all are typed."""
    try:
        return secrets_of(channel)
    except Refused:
        return {}
