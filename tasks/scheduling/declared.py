"""Schedules that code declares.

The module that ORCHESTRATOR_CODE_SCHEDULES names holds a list `SCHEDULES = [declared(…), …]`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any, TypeVar

from tasks.errors import Invalid
from tasks.models import CatchUp, OnHoliday, ScheduleKind
from tasks.settings import settings

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,199}")

Choice = TypeVar("Choice", OnHoliday, CatchUp)


@dataclass(frozen=True, slots=True)
class Declared:
    """One schedule of the code: its key, its task and calendar by name, its other columns."""

    key: str
    task: str
    calendar: str | None
    columns: Mapping[str, Any]


def declared(
    key: str,
    *,
    task: str,
    name: str = "",
    cron: str | None = None,
    every: timedelta | None = None,
    at: datetime | None = None,
    working_day: int | None = None,
    time_of_day: str | None = None,
    solar: str | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
    timezone: str = "",
    parameters: Mapping[str, object] | None = None,
    priority: int | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    calendar: str | None = None,
    on_holiday: str = "run",
    catch_up: str = "last",
    catch_up_window: timedelta = timedelta(days=1),
) -> Declared:
    """Declare a schedule by one of `cron`, `every`, `at`, `working_day` and `solar`.

    `key` is what it is known by when it changes. Raises Invalid for what can mean no schedule.
    """
    if not KEY.fullmatch(key):
        raise Invalid("“{key}”: a key is letters and digits, with . _ - between.", key=key)
    _aware(key, at, starts_at, ends_at)
    columns = {
        "name": name or key,
        "kind": _kind_of(
            key, cron=cron, interval=every, once=at, working_day=working_day, solar=solar
        ),
        "cron": cron,
        "interval_seconds": None if every is None else int(every.total_seconds()),
        "once_at": at,
        "working_day": working_day,
        "time_of_day": time_of_day,
        "solar_event": solar,
        "latitude": latitude,
        "longitude": longitude,
        "timezone": timezone or settings().timezone,
        "parameters": dict(parameters or {}),
        "priority": priority,
        "ends_at": ends_at,
        "on_holiday": _choice(OnHoliday, on_holiday, key),
        "catch_up": _choice(CatchUp, catch_up, key),
        "catch_up_window_seconds": int(catch_up_window.total_seconds()),
    }
    if starts_at is not None:  # else it is when the schedule was first seen
        columns["starts_at"] = starts_at
    return Declared(key, task, calendar, columns)


def declared_schedules() -> list[Declared] | None:
    """Return what the module of the setting declares, None without a setting; raises Invalid."""
    name = settings().code_schedules
    if not name:
        return None
    try:
        found = import_module(name).SCHEDULES
    except Exception as error:
        raise Invalid(
            "ORCHESTRATOR_CODE_SCHEDULES: the list SCHEDULES of the module {name} cannot be read "
            "({kind}: {why}).",
            name=name,
            kind=type(error).__name__,
            why=error,
        ) from error
    if isinstance(found, list | tuple) and all(isinstance(one, Declared) for one in found):
        return list(found)
    raise Invalid("SCHEDULES of {name} must be a list of declared(…).", name=name)


def _kind_of(key: str, **given: object) -> ScheduleKind:
    kinds = [name for name, value in given.items() if value is not None]
    if len(kinds) != 1:
        raise Invalid("“{key}”: give one of cron, every, at, working_day and solar.", key=key)
    return ScheduleKind(kinds[0])


def _aware(key: str, *instants: datetime | None) -> None:
    for instant in instants:
        if instant is not None and instant.tzinfo is None:
            raise Invalid("“{key}”: {at} has no time zone.", key=key, at=instant)


def _choice(kind: type[Choice], given: str, key: str) -> Choice:
    try:
        return kind(given)
    except ValueError as error:
        raise Invalid("“{key}”: {why}.", key=key, why=error) from error
