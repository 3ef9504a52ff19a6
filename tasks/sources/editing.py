"""Saving a source: checked as a whole; its password is written and never shown."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.encryption import encrypt
from tasks.errors import Conflict, Invalid, changed_meanwhile
from tasks.models import Calendar, Source, SourceKind, TaskDefinition
from tasks.queues import checked
from tasks.slugs import check_slug
from tasks.sources.companies import COMPANY
from tasks.sources.kinds import LOGIN, kept, settings_of

MOST_COMPANIES = 200
LONGEST_PASSWORD = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceContent:
    """What a person decides about a source; an empty `password` keeps the one that is kept."""

    title: str
    kind: SourceKind
    settings: dict[str, Any]
    password: str = field(default="", repr=False)
    max_running: int | None = None
    companies: Sequence[str] = ()
    quiet_from: time | None = None
    quiet_to: time | None = None
    is_active: bool = True


def create_source(session: Session, slug: str, content: SourceContent) -> Source:
    """Save a new source; raises Invalid, with the field, and Conflict for a short name in use."""
    check_slug(slug)
    if session.scalar(select(Source.id).where(Source.slug == slug)) is not None:
        raise Conflict("There is a source “{slug}” already. Choose another short name.", slug=slug)
    source = Source(slug=slug, title="", kind=content.kind, settings={}, login_version=0)
    _take(source, content)
    session.add(source)
    session.flush()
    return source


def change_source(
    session: Session, source: Source, content: SourceContent, *, version: int
) -> Source:
    """Save a change of version `version`; raises Invalid, and Conflict for who was slower."""
    if source.version != version:
        raise changed_meanwhile(source.title)
    source.version += 1
    _take(source, content)
    session.flush()
    return source


def delete_source(session: Session, source: Source) -> None:
    """Delete a source that nothing reads; raises Conflict."""
    readers = [one.title for one in tasks_of(session, source)]
    readers += [one.title for one in calendars_of(session, source)]
    if readers:
        raise Conflict(
            "The source “{title}” is read by {names}. Give them another source first.",
            title=source.title,
            names=", ".join(readers),
        )
    session.delete(source)
    session.flush()


def tasks_of(session: Session, source: Source) -> Sequence[TaskDefinition]:
    """Return the tasks that read this source, by title."""
    reads = TaskDefinition.settings["source"].as_string() == source.slug
    return session.scalars(select(TaskDefinition).where(reads).order_by(TaskDefinition.title)).all()


def calendars_of(session: Session, source: Source) -> Sequence[Calendar]:
    """Return the calendars whose days come from this source, by title."""
    wanted = select(Calendar).where(Calendar.source == source.slug)
    return session.scalars(wanted.order_by(Calendar.title)).all()


def _take(source: Source, content: SourceContent) -> None:
    if not content.title.strip():
        raise Invalid("Give the source a name.", field="title")
    _check_quiet_hours(content)
    found = settings_of(content.kind, content.settings)
    _take_login(source, found, content)
    source.title = content.title.strip()[:200]
    source.settings = kept(found)
    source.max_running = checked(content.max_running)
    source.companies = _companies(content.companies)
    source.quiet_from, source.quiet_to = content.quiet_from, content.quiet_to
    source.is_active = content.is_active


def _take_login(source: Source, found: BaseModel, content: SourceContent) -> None:
    """Keep a new password; without one, a login that was changed would lead the old one astray."""
    if content.kind is SourceKind.DUCKDB:
        return
    now = kept(found)
    moved = any(source.settings.get(name) != now.get(name) for name in LOGIN[content.kind])
    if content.password:
        source.password_encrypted = encrypt(_password(content.password))
    elif source.password_encrypted is None:
        raise Invalid("Give the password of the user.", field="password")
    elif moved:
        raise Invalid(
            "Type the password again, since the address or the user is another one now.",
            field="password",
        )
    if content.password or moved:
        source.forget_login()


def _password(text: str) -> str:
    if len(text) > LONGEST_PASSWORD:
        raise Invalid(
            "A password has at most {most} characters.", field="password", most=LONGEST_PASSWORD
        )
    return text


def _check_quiet_hours(content: SourceContent) -> None:
    if (content.quiet_from is None) != (content.quiet_to is None):
        raise Invalid("Give both, from when and to when, or neither.", field="quiet_to")
    if content.quiet_from is not None and content.quiet_from == content.quiet_to:
        raise Invalid("Quiet hours that end when they begin are none.", field="quiet_to")


def _companies(given: Sequence[str]) -> list[str]:
    found = list(dict.fromkeys(name.strip() for name in given if name.strip()))
    wrong = next((name for name in found if not COMPANY.fullmatch(name)), None)
    if wrong is not None:
        raise Invalid("“{given}” cannot be a schema.", field="companies", given=wrong[:60])
    if len(found) > MOST_COMPANIES:
        raise Invalid(
            "At most {max_length} are possible here.", field="companies", max_length=MOST_COMPANIES
        )
    return found
