"""From a periodic task of another scheduler to the columns of a schedule of ours."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tasks.errors import Invalid
from tasks.importing.crontab import cron_of
from tasks.importing.tables import Periodic, Row
from tasks.models import ScheduleKind
from tasks.scheduling.timing import LONGEST_INTERVAL
from tasks.settings import settings

PERIODS = {"days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
SCALARS = str | int | float | None


@dataclass(frozen=True, slots=True)
class Converted:
    """The columns of a schedule, and in words what was left behind."""

    columns: dict[str, Any]
    notes: list[str] = field(default_factory=list)


def convert(one: Periodic, *, now: datetime, zone: ZoneInfo) -> Converted:
    """Return what a periodic task means; raises Invalid with the reason where it means nothing.

    `zone` is that of the instants that are kept without one.
    """
    row = one.row
    if one.kind is None or one.schedule is None:
        raise Invalid("It has no schedule any more.")
    if row.get("one_off") and one.kind != "clocked":
        raise Invalid("It is to run one time only. Make a schedule of the kind “once” for it.")
    ends_at = _instant(row.get("expires"), zone)
    if ends_at is not None and ends_at <= now:
        raise Invalid("It expired at {at}.", at=ends_at.isoformat())
    columns = {
        "name": str(row["name"]),
        "timezone": settings().timezone,
        "parameters": _parameters(row),
        "priority": _priority(row.get("priority")),
        "enabled": bool(row.get("enabled", True)),
        "starts_at": _instant(row.get("start_time"), zone) or now.replace(microsecond=0),
        "ends_at": ends_at,
    }
    match one.kind:
        case "crontab":
            columns |= _crontab(one.schedule)
        case "interval":
            columns |= _interval(one.schedule, row, zone)
        case "solar":
            columns |= _solar(one.schedule)
        case "clocked":
            columns |= _clocked(one.schedule, now, zone)
        case other:
            raise Invalid("Its kind of schedule, {kind}, is not known.", kind=other)
    return Converted(columns, list(_left_behind(row)))


def _crontab(schedule: Row) -> dict[str, Any]:
    columns = {"kind": ScheduleKind.CRON, "cron": cron_of(schedule)}
    return columns | ({"timezone": str(schedule["timezone"])} if schedule.get("timezone") else {})


def _interval(schedule: Row, row: Row, zone: ZoneInfo) -> dict[str, Any]:
    """Count from the last run, as the other scheduler did."""
    period = str(schedule["period"])
    if period not in PERIODS:
        raise Invalid("Its interval is in {period}; the shortest here is a second.", period=period)
    seconds = int(schedule["every"]) * PERIODS[period]
    if not 0 < seconds <= LONGEST_INTERVAL:
        raise Invalid("Its interval is not between a second and a year.")
    columns: dict[str, Any] = {"kind": ScheduleKind.INTERVAL, "interval_seconds": seconds}
    last = _instant(row.get("last_run_at"), zone)
    return columns | ({"starts_at": last.replace(microsecond=0)} if last else {})


def _solar(schedule: Row) -> dict[str, Any]:
    return {
        "kind": ScheduleKind.SOLAR,
        "solar_event": str(schedule["event"]),
        "latitude": float(schedule["latitude"]),
        "longitude": float(schedule["longitude"]),
    }


def _clocked(schedule: Row, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    at = _instant(schedule["clocked_time"], zone)
    if at is None or at <= now:
        raise Invalid("Its time is over.")
    return {"kind": ScheduleKind.ONCE, "once_at": at}


def _parameters(row: Row) -> dict[str, Any]:
    if _json(row.get("args") or "[]", "arguments"):
        raise Invalid(
            "It gives arguments without names. Give them names there, and the task parameters of "
            "these names here."
        )
    named = _json(row.get("kwargs") or "{}", "named arguments")
    if not isinstance(named, dict):
        raise Invalid("Its named arguments are no object.")
    for name, value in named.items():
        if not isinstance(value, SCALARS):
            raise Invalid("The argument “{name}” is neither text nor a number.", name=name)
    return named


def _json(text: object, what: str) -> object:
    if not isinstance(text, str):
        return text
    try:
        found: object = json.loads(text)
    except ValueError as error:
        raise Invalid("Its {what} are not JSON.", what=what) from error
    return found


def _priority(given: int | None) -> int | None:
    """Turn Redis's order round: its 0 is the most urgent, our 9 is."""
    return None if given is None else min(max(9 - int(given), 0), 9)


def _instant(given: object, zone: ZoneInfo) -> datetime | None:
    if given is None or given == "":
        return None
    try:
        at = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    except ValueError as error:
        raise Invalid("“{given}” is not an instant.", given=str(given)[:80]) from error
    return at.replace(tzinfo=zone) if at.tzinfo is None else at


def _left_behind(row: Row) -> Iterator[str]:
    for name in ("queue", "exchange", "routing_key"):
        if row.get(name):
            yield f"its {name.replace('_', ' ')} “{row[name]}” stays behind: the task has a queue"
    if row.get("headers") not in (None, "", "{}", {}):
        yield "its headers stay behind"
    if row.get("expire_seconds"):
        wait = timedelta(seconds=int(row["expire_seconds"]))
        yield f"it expired {wait} after its time: give the task a deadline for its start"
