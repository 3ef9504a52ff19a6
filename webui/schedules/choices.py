"""What the form of a schedule offers, in words."""

from babel import Locale
from flask_babel import get_locale, gettext

from webui.schedules.builder import LAST_DAY, MONTH_DAYS, Pattern

Options = list[tuple[str, str]]


def patterns() -> Options:
    return [
        (Pattern.DAILY, gettext("Every day")),
        (Pattern.WEEKDAYS, gettext("Monday to Friday")),
        (Pattern.WEEKLY, gettext("On days of the week")),
        (Pattern.MONTHLY, gettext("Once a month")),
        (Pattern.INTERVAL, gettext("Every so often")),
        (Pattern.CRON, gettext("Cron expression")),
    ]


def days() -> Options:
    """The days of the week from Monday on, by cron's numbers."""
    names = (get_locale() or Locale("en")).days["format"]["wide"]
    return [(str((number + 1) % 7), names[number].capitalize()) for number in range(7)]


def month_days() -> Options:
    last = gettext("the last day")
    return [(day, last if day == LAST_DAY else day) for day in MONTH_DAYS]


def units() -> Options:
    return [
        ("seconds", gettext("seconds")),
        ("minutes", gettext("minutes")),
        ("hours", gettext("hours")),
        ("days", gettext("days")),
    ]


def priorities() -> Options:
    """The task's own first, then from the most urgent on."""
    words = {9: gettext("9, most urgent"), 5: gettext("5, normal")}
    numbers = [(str(number), words.get(number, str(number))) for number in range(9, -1, -1)]
    return [("", gettext("the task's own")), *numbers]
