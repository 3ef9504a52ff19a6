"""The public holidays of a country, from the package `holidays`."""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tasks.errors import Invalid
from tasks.models import DayKind

if TYPE_CHECKING:
    from holidays import HolidayBase

LANGUAGES = {"TR": "tr"}
"""In which language a country's days are named; in English elsewhere, where there are names."""
CODE = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class NamedDay:
    """What a country or a source says about a day."""

    kind: DayKind
    name: str


def days_of_country(country: str, years: Iterable[int]) -> dict[date, NamedDay]:
    """Return the holidays and the half-days of a country in these years; raises Invalid."""
    from holidays import HALF_DAY, PUBLIC, country_holidays

    wanted = list(years)
    known = check_country(country)
    found: dict[date, NamedDay] = {}
    for category, kind in ((HALF_DAY, DayKind.HALF_DAY), (PUBLIC, DayKind.HOLIDAY)):
        if category in known.supported_categories:
            language = _language(country, known.supported_languages)
            days = country_holidays(country, years=wanted, categories=category, language=language)
            found |= {day: NamedDay(kind, name) for day, name in days.items()}
    return found


def check_country(country: str) -> "HolidayBase":
    """Return what is known of a country by its two letters; raises Invalid."""
    from holidays import country_holidays  # 20 MB and a tenth of a second that beat does without

    if CODE.fullmatch(country):
        with suppress(NotImplementedError):
            return country_holidays(country)
    raise Invalid(
        "There are no holidays of a country “{country}”. Give its two letters, such as TR.",
        field="country",
        country=country,
    )


def _language(country: str, known: tuple[str, ...]) -> str | None:
    wanted = LANGUAGES.get(country, "en_US")
    return wanted if wanted in known else None
