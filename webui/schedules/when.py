"""The controls that say when: from a schedule to them, and from what was typed to its columns."""

from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from tasks.errors import Invalid
from tasks.models import CatchUp, OnHoliday, Schedule, ScheduleKind
from webui.forms import Form, whole_number
from webui.numbers import number_of, shown
from webui.schedules import choices
from webui.schedules.builder import Built, Pattern, cron_of, pattern_of, time_of
from webui.schedules.moments import moment_of, typed_moment
from webui.schedules.places import PLACES, place_at

Choice = TypeVar("Choice", bound=StrEnum)

TIMING = (
    "pattern", "time", "day", "cron", "interval_seconds", "interval_seconds-unit", "once_at",
    "working_day", "solar_event", "place", "latitude", "longitude", "timezone",
)  # fmt: skip
RARELY = (
    "calendar_id", "on_holiday", "starts_at", "ends_at", "catch_up", "catch_up_window_seconds",
    "catch_up_window_seconds-unit",
)  # fmt: skip
KINDS = {
    Pattern.INTERVAL: ScheduleKind.INTERVAL,
    Pattern.ONCE: ScheduleKind.ONCE,
    Pattern.WORKING_DAY: ScheduleKind.WORKING_DAY,
    Pattern.SOLAR: ScheduleKind.SOLAR,
}
"""Any other pattern is a cron expression."""
PATTERNS = {kind: pattern for pattern, kind in KINDS.items()}
EXPRESSION = (
    "cron", "interval_seconds", "once_at", "working_day", "time_of_day", "solar_event",
    "latitude", "longitude",
)  # fmt: skip
LONGEST_LENGTH = 366 * 86_400
MOST_DEGREES = 180


def put_empty(form: Form, timezone: str) -> None:
    """Show the controls of a schedule that does not exist yet."""
    form.values |= dict.fromkeys((*TIMING, *RARELY), "")
    form.values |= {
        "cron": "0 9 * * 1-5",
        "working_day": "-1",
        "solar_event": "sunrise",
        "place": next(iter(PLACES)),
        "timezone": timezone,
        "on_holiday": OnHoliday.RUN,
        "catch_up": CatchUp.LAST,
    }
    form.put_length("interval_seconds", 3_600)
    form.put_length("catch_up_window_seconds", 86_400)
    _put_built(form, Built(Pattern.WEEKDAYS))


def put(form: Form, schedule: Schedule) -> None:
    """Show when a schedule is due."""
    zone = schedule.timezone
    form.values |= {
        "timezone": zone,
        "starts_at": typed_moment(schedule.starts_at, zone),
        "ends_at": typed_moment(schedule.ends_at, zone),
        "calendar_id": schedule.calendar_id or "",
        "on_holiday": schedule.on_holiday,
        "catch_up": schedule.catch_up,
    }
    form.put_length("catch_up_window_seconds", schedule.catch_up_window_seconds)
    if schedule.kind is ScheduleKind.CRON:
        form.values["cron"] = schedule.cron or ""
        _put_built(form, pattern_of(schedule.cron or ""))
    else:
        form.values["pattern"] = PATTERNS[schedule.kind]
        _put_expression(form, schedule)


def columns_of(form: Form, *, now: datetime) -> dict[str, Any]:
    """Return the columns that say when; raises Invalid with the control's name."""
    zone = form.text("timezone")
    return {
        **expression_of(form),
        "timezone": zone,
        "starts_at": moment_of(form.text("starts_at"), zone, field="starts_at")
        or now.replace(microsecond=0),
        "ends_at": moment_of(form.text("ends_at"), zone, field="ends_at"),
        **_days_off(form),
        "catch_up": _chosen(form, "catch_up", CatchUp),
        "catch_up_window_seconds": _length(form, "catch_up_window_seconds"),
    }


def expression_of(form: Form) -> dict[str, Any]:
    """Return the kind and the columns that belong to it; those of other kinds are None."""
    pattern = _chosen(form, "pattern", Pattern)
    kind = KINDS.get(pattern, ScheduleKind.CRON)
    given: dict[str, Any] = {}
    match kind:
        case ScheduleKind.CRON:
            given = {"cron": _cron(form, pattern)}
        case ScheduleKind.INTERVAL:
            given = {"interval_seconds": _length(form, "interval_seconds")}
        case ScheduleKind.ONCE:
            at = moment_of(form.text("once_at"), form.text("timezone"), field="once_at")
            given = {"once_at": at}
        case ScheduleKind.WORKING_DAY:
            given = {"working_day": _which(form), "time_of_day": time_of(form.text("time"))}
        case ScheduleKind.SOLAR:
            given = _event_and_place(form)
    return {"kind": kind, **dict.fromkeys(EXPRESSION), **given}


def _put_built(form: Form, built: Built) -> None:
    days = list(built.days)
    form.values |= {"pattern": built.pattern, "time": built.time, "days": days, "day": built.day}


def _put_expression(form: Form, schedule: Schedule) -> None:
    if schedule.interval_seconds:
        form.put_length("interval_seconds", schedule.interval_seconds)
    if schedule.working_day is not None:
        form.values["working_day"] = schedule.working_day
        form.values["time"] = schedule.time_of_day or ""
    if schedule.once_at is not None:
        form.values["once_at"] = typed_moment(schedule.once_at, schedule.timezone)
    if schedule.solar_event is not None:
        form.values["solar_event"] = schedule.solar_event
        form.values["place"] = place_at(schedule.latitude, schedule.longitude)
        form.values["latitude"] = shown(str(schedule.latitude))
        form.values["longitude"] = shown(str(schedule.longitude))


def _cron(form: Form, pattern: Pattern) -> str:
    if pattern is Pattern.CRON:
        return " ".join(form.text("cron").split())
    days = form.values.get("days", [])
    return cron_of(Built(pattern, form.text("time"), days, form.text("day")))


def _length(form: Form, name: str) -> int:
    seconds = form.take_length(name)
    if isinstance(seconds, int) and 1 <= seconds <= LONGEST_LENGTH:
        return seconds
    raise Invalid("Give a whole length from 1 second to 366 days.", field=name)


def _which(form: Form) -> int:
    """Which working day of the month: -1 is the last."""
    given = form.text("working_day")
    number = whole_number(given.removeprefix("-"))
    if number is None:
        raise Invalid("Choose a working day of the month.", field="working_day")
    return -number if given.startswith("-") else number


def _event_and_place(form: Form) -> dict[str, Any]:
    if place := PLACES.get(form.text("place")):
        _, latitude, longitude = place
    else:
        latitude, longitude = _degrees(form, "latitude"), _degrees(form, "longitude")
    event = form.text("solar_event")
    return {"solar_event": event, "latitude": latitude, "longitude": longitude}


def _degrees(form: Form, name: str) -> float:
    given = form.text(name)
    try:
        return float(number_of(given, field=name, most=MOST_DEGREES))
    except ValueError:
        raise Invalid(
            "“{given}” is not a number of degrees such as 41.01.", field=name, given=given
        ) from None


def _days_off(form: Form) -> dict[str, Any]:
    on_holiday = _chosen(form, "on_holiday", OnHoliday)
    given = form.text("calendar_id")
    if given and given not in {value for value, _ in choices.calendars()}:
        raise Invalid("Choose one of the calendars.", field="calendar_id")
    if on_holiday is not OnHoliday.RUN and not given:
        raise Invalid("Choose the calendar that says which days are off.", field="calendar_id")
    return {"calendar_id": int(given) if given else None, "on_holiday": on_holiday}


def _chosen(form: Form, name: str, of: type[Choice]) -> Choice:
    try:
        return of(form.text(name))
    except ValueError:
        raise Invalid("Choose one of these.", field=name) from None
