"""`orchestrator schedule`: what a schedule means."""

from datetime import datetime
from zoneinfo import ZoneInfo

import click

from tasks.cli.command import Group, json_option
from tasks.cli.history import Json, print_json
from tasks.clock import utcnow
from tasks.errors import Invalid
from tasks.scheduling.cron import Cron, Instant, upcoming, zone
from tasks.settings import settings


@click.group("schedule", cls=Group)
def cli() -> None:
    """Look at schedules."""


@cli.command("preview")
@click.option("--cron", required=True, metavar="EXPR", help="Five fields, such as '0 9 * * 1-5'.")
@click.option("--timezone", metavar="TZ", help="Such as Europe/Istanbul; else the settings' zone.")
@click.option("--count", default=10, type=click.IntRange(1, 1000), show_default=True)
@click.option(
    "--from", "start", metavar="T", help="An instant, such as 2026-03-28T12:00; else now."
)
@json_option
def preview(cron: str, timezone: str | None, count: int, start: str | None, as_json: bool) -> None:
    """Print the coming instants of a cron expression."""
    there = zone(timezone or settings().timezone)
    timing = Cron(cron, there)
    after = utcnow() if start is None else instant_of(start, there)
    coming = upcoming(timing, after=after, count=count)
    if as_json:
        print_json([_instant_json(instant) for instant in coming])
    for instant in coming if not as_json else ():
        click.echo(_line(instant))


def instant_of(text: str, there: ZoneInfo) -> datetime:
    """Return the instant written in ISO 8601, in the zone where it names none; raises Invalid."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("“{text}” is not an instant such as 2026-03-28T12:00.", text=text) from error
    return given.replace(tzinfo=there) if given.tzinfo is None else given


def _instant_json(instant: Instant) -> Json:
    content: Json = {"at": instant.at.isoformat(), "note": instant.note}
    return content | ({"code": instant.code} if instant.note else {})


def _line(instant: Instant) -> str:
    note = f"  ({instant.note})" if instant.note else ""
    return f"{instant.at:%a %Y-%m-%d %H:%M %Z}{note}"
