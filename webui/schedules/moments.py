"""A day with a time, as a control of a form holds it, in a zone."""

from datetime import datetime

from tasks.errors import Invalid
from tasks.scheduling.instants import YEARS, Instant, on_wall, zone


def moment_of(text: str, timezone: str, *, field: str) -> datetime | None:
    """Return the instant that was typed; None where nothing was. Raises Invalid."""
    if not text:
        return None
    place = zone(timezone)
    wall = _on_the_wall(text)
    if wall is None:
        raise Invalid(
            "“{given}” is not a day with a time such as 2026-03-16 09:00.",
            field=field,
            given=text,
        )
    return on_wall(wall, place).at


def what_became_of(text: str, timezone: str) -> Instant | None:
    """Return the instant that was typed with what the clocks did to it; None where none was."""
    wall = _on_the_wall(text)
    return None if wall is None else on_wall(wall, zone(timezone))


def typed_moment(at: datetime | None, timezone: str) -> str:
    """Return an instant as the control holds it; empty where there is none."""
    if at is None:
        return ""
    wall = at.astimezone(zone(timezone)).replace(tzinfo=None)
    return wall.isoformat(timespec="seconds" if wall.second else "minutes")


def _on_the_wall(text: str) -> datetime | None:
    try:
        wall = datetime.fromisoformat(text)
    except ValueError:
        return None
    return wall if wall.tzinfo is None and wall.year in YEARS else None
