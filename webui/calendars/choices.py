"""What the forms of calendars offer, in words."""

from functools import lru_cache

from babel import Locale
from flask_babel import get_locale, gettext

from tasks.folding import fold
from tasks.models import DayKind, DayOrigin
from tasks.queries.tasks import sources as all_sources
from webui.database import db
from webui.i18n import language

Options = list[tuple[str, str]]


def countries() -> Options:
    """The countries whose public holidays are known, by name."""
    return [("", gettext("none")), *_countries(language())]


def country_name(code: str | None) -> str:
    """Return the name of a country in the reader's language."""
    names = (get_locale() or Locale("en")).territories
    return str(names.get(code or "", code or ""))


def weekdays() -> Options:
    """The days of the week from Monday, 0, on."""
    names = (get_locale() or Locale("en")).days["stand-alone"]["wide"]
    return [(str(number), names[number].capitalize()) for number in range(7)]


def day_kinds() -> dict[DayKind, str]:
    return {
        DayKind.HOLIDAY: gettext("Day off"),
        DayKind.HALF_DAY: gettext("Half-day"),
        DayKind.WORKING: gettext("Working day"),
    }


def origins() -> dict[DayOrigin, str]:
    """Who says what a day is."""
    return {
        DayOrigin.COUNTRY: gettext("Country"),
        DayOrigin.SOURCE: gettext("Source"),
        DayOrigin.OWN: gettext("Own"),
    }


def sources() -> Options:
    found = [(one.slug, one.title) for one in all_sources(db.session())]
    return [("", gettext("none")), *found]


@lru_cache(maxsize=4)
def _countries(wanted: str) -> Options:
    from holidays.registry import COUNTRIES  # a page without this choice does without

    locale = Locale(wanted)
    codes = {names[1] for names in COUNTRIES.values()}
    named = [(code, locale.territories[code]) for code in codes if code in locale.territories]
    return sorted(named, key=lambda one: fold(one[1]))
