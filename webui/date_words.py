"""The words that a date and a month may be, and the day that each means today."""

from dataclasses import dataclass
from datetime import date

from babel.dates import format_skeleton
from flask import Flask
from flask_babel import format_date, get_locale, gettext, lazy_gettext

from tasks.clock import utcnow
from tasks.errors import Invalid, NotFound
from tasks.reports.meant import Meant
from tasks.reports.parameters.dated import BETWEEN
from tasks.reports.relative_dates import minds_periods, resolve_relative, words
from tasks.reports.relative_months import month_words, resolve_month
from tasks.scheduling.calendar_cache import load_days
from tasks.scheduling.working_days import WorkingDays
from tasks.settings import settings
from webui.database import db
from webui.forms import whole_number

LABELS = {
    "today": lazy_gettext("today"),
    "yesterday": lazy_gettext("yesterday"),
    "tomorrow": lazy_gettext("tomorrow"),
    "previous_working_day": lazy_gettext("the working day before"),
    "next_working_day": lazy_gettext("the next working day"),
    "first_of_week": lazy_gettext("Monday of this week"),
    "last_of_week": lazy_gettext("Sunday of this week"),
    "first_of_last_week": lazy_gettext("Monday of last week"),
    "last_of_last_week": lazy_gettext("Sunday of last week"),
    "first_of_next_week": lazy_gettext("Monday of next week"),
    "last_of_next_week": lazy_gettext("Sunday of next week"),
    "first_of_month": lazy_gettext("first day of this month"),
    "last_of_month": lazy_gettext("last day of this month"),
    "first_of_last_month": lazy_gettext("first day of last month"),
    "last_of_last_month": lazy_gettext("last day of last month"),
    "first_of_next_month": lazy_gettext("first day of next month"),
    "last_of_next_month": lazy_gettext("last day of next month"),
    "first_of_quarter": lazy_gettext("first day of this quarter"),
    "last_of_quarter": lazy_gettext("last day of this quarter"),
    "first_of_last_quarter": lazy_gettext("first day of last quarter"),
    "last_of_last_quarter": lazy_gettext("last day of last quarter"),
    "first_of_next_quarter": lazy_gettext("first day of next quarter"),
    "last_of_next_quarter": lazy_gettext("last day of next quarter"),
    "first_of_year": lazy_gettext("first day of this year"),
    "last_of_year": lazy_gettext("last day of this year"),
    "first_of_last_year": lazy_gettext("first day of last year"),
    "last_of_last_year": lazy_gettext("last day of last year"),
    "first_of_next_year": lazy_gettext("first day of next year"),
    "last_of_next_year": lazy_gettext("last day of next year"),
    "same_day_last_month": lazy_gettext("the same day last month"),
    "same_day_last_year": lazy_gettext("the same day last year"),
    "days_ago(7)": lazy_gettext("seven days ago, or any number of days"),
    "months_ago(3)": lazy_gettext("three months ago, or any number of months"),
    "posting_period_start": lazy_gettext("first day of the posting period"),
    "posting_period_end": lazy_gettext("last day of the posting period"),
    "previous_posting_period_start": lazy_gettext("first day of the posting period before"),
    "previous_posting_period_end": lazy_gettext("last day of the posting period before"),
}
MONTHS = {
    "this_month": lazy_gettext("this month"),
    "last_month": lazy_gettext("last month"),
    "next_month": lazy_gettext("next month"),
    "same_month_last_year": lazy_gettext("the same month last year"),
    "months_ago(3)": lazy_gettext("three months ago"),
}


@dataclass(frozen=True, slots=True)
class DateWord:
    """A word as it is typed, as it is said, and the day or month that it means today."""

    word: str
    label: str
    meaning: str


def init_app(app: Flask) -> None:
    """Give the templates the words."""
    app.jinja_env.globals["date_words"] = date_words
    app.jinja_env.globals["month_options"] = month_options


def date_words(calendar: str = "") -> list[DateWord]:
    """Return the words for a date; `calendar` is the id of the calendar whose days are worked."""
    meant = Meant(utcnow().astimezone(settings().zone), _days(calendar))
    return [DateWord(one, str(LABELS[one]), _meaning(one, meant)) for one in words()]


def month_options(given: str) -> list[tuple[str, str]]:
    """Return the words for a month with the month that each means today; a given word is one."""
    today = utcnow().astimezone(settings().zone).date()
    options = dict.fromkeys([*month_words(), *([given] if given else [])])
    return [(word, _said(word, today)) for word in options]


def words_said(given: str) -> str:
    """Say the words of a date, a range or a month; one with a number in it stays as it is."""
    known = {word: str(label) for word, label in (LABELS | MONTHS).items() if "(" not in word}
    return " – ".join(known.get(one, one) for one in given.split(BETWEEN))


def month_in_words(day: date) -> str:
    """Write the month that the day lies in."""
    return str(format_skeleton("yMMMM", day, locale=get_locale()))


def _said(word: str, today: date) -> str:
    label = str(MONTHS.get(word, word))
    try:
        return f"{label} ({month_in_words(resolve_month(word, today)[0])})"
    except KeyError:  # typed, and no word: the form says so beside it
        return word


def _meaning(word: str, meant: Meant) -> str:
    if minds_periods(word):  # nobody asks a source for the sake of a list of words
        return str(gettext("as the source says"))
    try:
        return str(format_date(resolve_relative(word, meant)))
    except Invalid:  # no day near today is worked
        return "–"


def _days(calendar: str) -> WorkingDays:
    number = whole_number(calendar)
    try:
        return WorkingDays() if number is None else load_days(db.session(), number)
    except NotFound:
        return WorkingDays()
