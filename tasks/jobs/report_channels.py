"""The letters of a report to its channels beside the mail: one a channel, or one a part of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from tasks.db import reading
from tasks.jobs.context import JobContext, Letter
from tasks.kinds import ChannelKind
from tasks.models import Channel
from tasks.patience import patiently
from tasks.reports.mail.ways import ChannelUse
from tasks.reports.settings import ReportSettings
from tasks.settings import settings as installation

MOST_FIGURES = 50
"""Columns whose figures go along."""


def channel_letters(
    context: JobContext,
    settings: ReportSettings,
    *,
    rows: int,
    figures: Mapping[str, Mapping[str, Any]],
    parts: Sequence[str] = (),
) -> list[Letter]:
    """Return the letters to channels; none where somebody tries the task out.

    A part may stand in `parts` once a file. The rows and figures are those of all rows, so a
    letter of one part goes without them.
    """
    if not settings.channels or context.only_to is not None:
        return []
    known = _channels(context, settings)
    target = _target(context, settings) | {
        "rows": rows,
        "figures": dict(list(figures.items())[:MOST_FIGURES]),
    }
    return [
        _letter(use, known.get(use.channel), part, target)
        for use in settings.channels
        for part in (dict.fromkeys(parts) if use.part_files and parts else ("",))
    ]


def _letter(
    use: ChannelUse, channel: Channel | None, part: str, target: Mapping[str, Any]
) -> Letter:
    """One that is gone is a letter too: its delivery fails, and says so."""
    own: dict[str, Any] = {"rows": None, "figures": {}} if part else {}
    return Letter(
        channel.title if channel else use.channel,
        part=part,
        channel=channel.kind if channel else ChannelKind.FOLDER,
        channel_slug=use.channel,
        target={**target, **own, "name": use.name},
    )


def _target(context: JobContext, settings: ReportSettings) -> dict[str, Any]:
    return {
        "task": context.slug,
        "title": context.title,
        "date": f"{context.scheduled_for:%Y-%m-%d}",
        "time": f"{context.scheduled_for:%H:%M}",
        "language": settings.language.value,
    }


def _channels(context: JobContext, settings: ReportSettings) -> dict[str, Channel]:
    """Return the channels by their short names, also when our database is away for a moment."""
    names = [use.channel for use in settings.channels]

    def found() -> dict[str, Channel]:
        with reading() as session:
            wanted = select(Channel).where(Channel.slug.in_(names))
            return {one.slug: one for one in session.scalars(wanted)}

    return patiently(found, seconds=installation().lease_seconds, check=context.check)
