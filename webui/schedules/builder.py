"""The friendly way to say when: a pattern and a time, to a cron expression and back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tasks.errors import Invalid

WEEKDAYS = ("1", "2", "3", "4", "5")
DAYS = (*WEEKDAYS, "6", "0")
LAST_DAY = "L"
MONTH_DAYS = (*(str(day) for day in range(1, 32)), LAST_DAY)

_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
_AT = r"(?P<minute>\d{1,2}) (?P<hour>\d{1,2})"
_DAILY = re.compile(rf"{_AT} \* \* \*")
_WEEKDAYS = re.compile(rf"{_AT} \* \* 1-5")
_WEEKLY = re.compile(rf"{_AT} \* \* (?P<days>[0-6](,[0-6])*)")
_MONTHLY = re.compile(rf"{_AT} (?P<day>[1-9]|[12]\d|3[01]|L) \* \*")


class Pattern(StrEnum):
    """How often, as the form asks it."""

    DAILY = "daily"
    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    WORKING_DAY = "working_day"
    INTERVAL = "interval"
    ONCE = "once"
    SOLAR = "solar"
    CRON = "cron"


@dataclass(frozen=True, slots=True)
class Built:
    """A pattern with what belongs to it."""

    pattern: Pattern
    time: str = "09:00"
    days: Sequence[str] = field(default_factory=lambda: ["1"])
    day: str = "1"


def cron_of(built: Built) -> str:
    """Return the cron expression of the pattern; raises Invalid with the control's name."""
    at = _minute_and_hour(built.time)
    if built.pattern is Pattern.WEEKDAYS:
        return f"{at} * * 1-5"
    if built.pattern is Pattern.WEEKLY:
        return f"{at} * * {_days(built.days)}"
    if built.pattern is Pattern.MONTHLY:
        return f"{at} {_month_day(built.day)} * *"
    return f"{at} * * *"


def pattern_of(cron: str) -> Built:
    """Return the pattern that the form can show this expression with; CRON where it has none."""
    patterns = (
        (Pattern.DAILY, _DAILY),
        (Pattern.WEEKDAYS, _WEEKDAYS),
        (Pattern.WEEKLY, _WEEKLY),
        (Pattern.MONTHLY, _MONTHLY),
    )
    for pattern, expression in patterns:
        if match := expression.fullmatch(cron):
            found = match.groupdict()
            time = f"{int(found['hour']):02}:{int(found['minute']):02}"
            days = found.get("days", "1").split(",")
            return Built(pattern, time, days, found.get("day", "1"))
    return Built(Pattern.CRON)


def time_of(text: str) -> str:
    """Return what was typed as HH:MM; raises Invalid."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise Invalid("“{given}” is not a time such as 09:00.", field="time", given=text)
    return f"{int(match.group(1)):02}:{match.group(2)}"


def _minute_and_hour(time: str) -> str:
    hour, minute = time_of(time).split(":")
    return f"{int(minute)} {int(hour)}"


def _days(days: Sequence[str]) -> str:
    chosen = [day for day in DAYS if day in days]
    if not chosen:
        raise Invalid("Choose at least one day of the week.", field="days")
    return ",".join(chosen)


def _month_day(day: str) -> str:
    if day not in MONTH_DAYS:
        raise Invalid("Choose a day of the month.", field="day")
    return day
