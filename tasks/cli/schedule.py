"""`orchestrator schedule`: what a schedule means."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from tasks.cli.command import Group, json_option
from tasks.cli.history import Json, print_json
from tasks.clock import utcnow
from tasks.db import reading
from tasks.errors import Invalid
from tasks.models import OnHoliday, ScheduleKind
from tasks.scheduling.calendar_cache import load_days, working_days
from tasks.scheduling.calendars import calendar_named
from tasks.scheduling.country_days import days_of_country
from tasks.scheduling.instants import YEARS, Instant, on_wall, zone
from tasks.scheduling.plan import Plan, Planned
from tasks.scheduling.solar import EVENTS
from tasks.scheduling.timing import make_timing
from tasks.scheduling.working_days import WorkingDays
from tasks.settings import settings

KINDS = {
    "cron": ScheduleKind.CRON,
    "interval_seconds": ScheduleKind.INTERVAL,
    "once_at": ScheduleKind.ONCE,
    "working_day": ScheduleKind.WORKING_DAY,
    "solar_event": ScheduleKind.SOLAR,
}
BELONGING = {
    "time_of_day": ("--time", "working_day", "--working-day"),
    "latitude": ("--lat", "solar_event", "--solar"),
    "longitude": ("--lon", "solar_event", "--solar"),
}
"""Options that mean nothing without another one."""
UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
LENGTH = re.compile(r"(\d{1,8})([smhd])")
COUNTRY = re.compile(r"[A-Za-z]{2}")
YEARS_OF_A_COUNTRY = 20
MOST_THAT_STAY = 5_000
"""Instants in a row that do not run, before the rest counts as never."""


@click.group("schedule", cls=Group)
def cli() -> None:
    """Look at schedules."""


@cli.command("preview")
@click.option("--cron", metavar="EXPR", help="Five fields, such as '0 9 * * 1-5'.")
@click.option("--every", metavar="LENGTH", help="Such as 15m, 2h or 1d, counted from the start.")
@click.option("--at", metavar="T", help="Once, such as 2026-03-28T12:00.")
@click.option("--working-day", type=int, metavar="N", help="Of the month; -1 is the last.")
@click.option("--time", "time_of_day", metavar="HH:MM", help="When on the working day.")
@click.option("--solar", "solar_event", type=click.Choice(list(EVENTS)), metavar="EVENT")
@click.option("--lat", "latitude", type=float, help="Degrees, north is positive.")
@click.option("--lon", "longitude", type=float, help="Degrees, east is positive.")
@click.option("--timezone", metavar="TZ", help="Such as Europe/Istanbul; else the settings' zone.")
@click.option("--calendar", metavar="C", help="A calendar's name, or a country such as TR.")
@click.option("--on-holiday", type=click.Choice([one.value for one in OnHoliday]), default="run")
@click.option("--count", default=10, type=click.IntRange(1, 1000), show_default=True)
@click.option(
    "--from", "start", metavar="T", help="An instant, such as 2026-03-28T12:00; else now."
)
@json_option
def preview(
    timezone: str | None, start: str | None, count: int, as_json: bool, **options: Any
) -> None:
    """Print the coming instants of a schedule."""
    there = zone(timezone or settings().timezone)
    after = utcnow() if start is None else instant_of(start, there)
    moved = None if options["at"] is None else _typed(options["at"], there)
    coming = _first(count, _plan(there, after, **options).after(after))
    planned = [one if moved is None else _as_typed(one, moved) for one in coming]
    if as_json:
        print_json([_planned_json(one) for one in planned if one.runs])
        return
    lines = [_line(one, there) for one in planned]
    click.echo("\n".join(lines) or f"Nothing comes after {after.astimezone(there).isoformat()}.")


def instant_of(text: str, there: ZoneInfo) -> datetime:
    """Return the instant written in ISO 8601, in the zone where it names none; raises Invalid."""
    return _typed(text, there).at


def _typed(text: str, there: ZoneInfo) -> Instant:
    try:
        given = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("“{text}” is not an instant such as 2026-03-28T12:00.", text=text) from error
    if given.year not in YEARS:
        raise Invalid(
            "“{text}”: give a year from {first} to {last}.",
            text=text,
            first=YEARS[0],
            last=YEARS[-1],
        )
    return on_wall(given, there) if given.tzinfo is None else Instant(given)


def _as_typed(planned: Planned, typed: Instant) -> Planned:
    """Say of the one instant that was typed what the clocks made of it."""
    return replace(planned, code=typed.code, note=typed.note) if not planned.code else planned


def _plan(
    there: ZoneInfo,
    start: datetime,
    *,
    calendar: str | None,
    on_holiday: str,
    every: str | None,
    at: str | None,
    **columns: Any,
) -> Plan:
    if calendar is None and on_holiday != OnHoliday.RUN:
        raise click.UsageError("--on-holiday needs a --calendar.")
    columns["interval_seconds"] = None if every is None else _seconds(every)
    columns["once_at"] = None if at is None else instant_of(at, there)
    days = None if calendar is None else _days(calendar, start)
    timing = make_timing(_kind(columns), timezone=there.key, starts_at=start, days=days, **columns)
    return Plan(timing, there, days, OnHoliday(on_holiday))


def _kind(columns: dict[str, Any]) -> ScheduleKind:
    given = [kind for name, kind in KINDS.items() if columns[name] is not None]
    if len(given) != 1:
        raise click.UsageError("Give one of --cron, --every, --at, --working-day and --solar.")
    for name, (option, needed, other) in BELONGING.items():
        if columns[name] is not None and columns[needed] is None:
            raise click.UsageError(f"{option} belongs to {other}.")
    return given[0]


def _seconds(text: str) -> int:
    if (match := LENGTH.fullmatch(text.strip())) is None:
        raise Invalid("“{text}” is not a length such as 15m.", text=text)
    return int(match[1]) * UNITS[match[2]]


def _days(calendar: str, start: datetime) -> WorkingDays:
    """Return the working days of a country's two letters, or else of a calendar we keep."""
    if COUNTRY.fullmatch(calendar):
        years = range(start.year - 1, start.year + YEARS_OF_A_COUNTRY)
        return working_days(days_of_country(calendar.upper(), years), title=calendar.upper())
    with reading() as session:
        return load_days(session, calendar_named(session, calendar).id)


def _first(count: int, planned: Iterator[Planned]) -> Iterator[Planned]:
    """Yield until so many have run, and no longer where nothing runs any more."""
    stayed = 0
    for one in planned:
        yield one
        count, stayed = (count - 1, 0) if one.runs else (count, stayed + 1)
        if count == 0 or stayed == MOST_THAT_STAY:
            return


def _planned_json(one: Planned) -> Json:
    content: Json = {"at": one.due_at.isoformat(), "note": one.note}
    return content | ({"code": one.code} if one.note else {})


def _line(one: Planned, there: ZoneInfo) -> str:
    at = one.due_at.astimezone(there)
    note = f"  ({one.note})" if one.note else ""
    seconds = ":%S" if at.second else ""
    sign = "" if one.runs else "- "
    return f"{sign}{at:%a %Y-%m-%d %H:%M{seconds} %Z}{note}"
