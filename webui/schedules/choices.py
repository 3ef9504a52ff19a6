"""What the form of a schedule offers, in words."""

from babel import Locale
from flask_babel import get_locale, gettext

from tasks.models import CatchUp, OnHoliday
from tasks.queries.calendars import calendar_choices
from webui import choices
from webui.choices import Options
from webui.choices import units as units
from webui.database import db
from webui.schedules.builder import LAST_DAY, MONTH_DAYS, Pattern
from webui.schedules.places import PLACES

WORKING_DAYS = (*range(1, 24), *range(-1, -11, -1))


def patterns() -> Options:
    return [
        (Pattern.DAILY, gettext("Every day")),
        (Pattern.WEEKDAYS, gettext("Monday to Friday")),
        (Pattern.WEEKLY, gettext("On days of the week")),
        (Pattern.MONTHLY, gettext("Once a month")),
        (Pattern.WORKING_DAY, gettext("On a working day of the month")),
        (Pattern.INTERVAL, gettext("Every so often")),
        (Pattern.ONCE, gettext("Once")),
        (Pattern.SOLAR, gettext("By the sun")),
        (Pattern.CRON, gettext("Cron expression")),
    ]


def days() -> Options:
    """The days of the week from Monday on, by cron's numbers."""
    names = (get_locale() or Locale("en")).days["format"]["wide"]
    return [(str((number + 1) % 7), names[number].capitalize()) for number in range(7)]


def month_days() -> Options:
    last = gettext("the last day")
    return [(day, last if day == LAST_DAY else day) for day in MONTH_DAYS]


def working_days() -> Options:
    """The first working days of the month, then the last ones."""
    named = {
        1: gettext("the first"),
        -1: gettext("the last"),
        -2: gettext("the one before the last"),
    }
    return [(str(one), named.get(one) or _counted(one)) for one in WORKING_DAYS]


def solar_events() -> Options:
    return [
        ("sunrise", gettext("Sunrise")),
        ("solar_noon", gettext("Solar noon")),
        ("sunset", gettext("Sunset")),
        ("dawn_civil", gettext("Dawn, civil")),
        ("dawn_nautical", gettext("Dawn, nautical")),
        ("dawn_astronomical", gettext("Dawn, astronomical")),
        ("dusk_civil", gettext("Dusk, civil")),
        ("dusk_nautical", gettext("Dusk, nautical")),
        ("dusk_astronomical", gettext("Dusk, astronomical")),
    ]


def places() -> Options:
    named = [(key, str(name)) for key, (name, *_) in PLACES.items()]
    return [*named, ("", gettext("another place, by its degrees"))]


def calendars() -> Options:
    return [(str(number), title) for number, title in calendar_choices(db.session())]


def days_off() -> Options:
    return [
        (OnHoliday.RUN, gettext("run all the same")),
        (OnHoliday.SKIP, gettext("do not run")),
        (OnHoliday.PREVIOUS, gettext("run on the working day before")),
        (OnHoliday.NEXT, gettext("run on the next working day")),
    ]


def catch_ups() -> Options:
    return [
        (CatchUp.LAST, gettext("run the last one")),
        (CatchUp.ALL, gettext("run all within a span")),
        (CatchUp.SKIP, gettext("run none")),
    ]


def priorities() -> Options:
    """The task's own first, then from the most urgent on."""
    return [("", gettext("the task's own")), *choices.priorities()]


def _counted(number: int) -> str:
    if number > 0:
        return str(gettext("number %(number)s", number=number))
    return str(gettext("number %(number)s from the end", number=-number))
