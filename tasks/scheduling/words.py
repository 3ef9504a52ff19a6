"""A schedule in words, in the reader's language and with a 24 h clock."""

import re
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from cron_descriptor import ExpressionDescriptor, FormatException, Options

from tasks.lengths import split_length
from tasks.models import ScheduleKind
from tasks.scheduling.cron import NICKNAMES
from tasks.scheduling.tellable import as_told, is_tellable
from tasks.scheduling.words_of_days import (
    TURKISH_NAMES,
    once_in_words,
    solar_in_words,
    working_day_in_words,
)

LOCALES = {"en": "en_US", "tr": "tr_TR"}

# cron-descriptor takes its names from the locale of the process, which stays the C locale.
_ENGLISH_NAME = re.compile("|".join(TURKISH_NAMES))

_EVERY = {
    ("en", "seconds"): ("Every second", "Every {n} seconds"),
    ("en", "minutes"): ("Every minute", "Every {n} minutes"),
    ("en", "hours"): ("Every hour", "Every {n} hours"),
    ("en", "days"): ("Every day", "Every {n} days"),
    ("tr", "seconds"): ("Her saniye", "{n} saniyede bir"),
    ("tr", "minutes"): ("Her dakika", "{n} dakikada bir"),
    ("tr", "hours"): ("Her saat", "{n} saatte bir"),
    ("tr", "days"): ("Her gün", "{n} günde bir"),
}


class Scheduled(Protocol):
    """What has the settings of a schedule."""

    @property
    def kind(self) -> ScheduleKind: ...
    @property
    def cron(self) -> str | None: ...
    @property
    def interval_seconds(self) -> int | None: ...
    @property
    def once_at(self) -> datetime | None: ...
    @property
    def working_day(self) -> int | None: ...
    @property
    def time_of_day(self) -> str | None: ...
    @property
    def solar_event(self) -> str | None: ...
    @property
    def latitude(self) -> float | None: ...
    @property
    def longitude(self) -> float | None: ...
    @property
    def timezone(self) -> str: ...


class _Descriptor(ExpressionDescriptor):  # type: ignore[misc]  # it comes without types
    """Gives the names of days and months in the language of the sentence."""

    def get_day_of_week_description(self) -> str:
        return self._named(super().get_day_of_week_description())

    def get_month_description(self) -> str:
        return self._named(super().get_month_description())

    def _named(self, part: str) -> str:
        if self._options.locale_code != LOCALES["tr"]:
            return part
        return _ENGLISH_NAME.sub(lambda name: TURKISH_NAMES[name.group(0)], part)


def in_words(schedule: Scheduled, language: str) -> str:
    """Return when the schedule is due as a phrase, such as “At 09:00, Monday through Friday”."""
    match schedule.kind:
        case ScheduleKind.INTERVAL:
            return interval_in_words(schedule.interval_seconds or 0, language)
        case ScheduleKind.CRON:
            return cron_in_words(schedule.cron or "", language)
        case ScheduleKind.ONCE:
            return once_in_words(schedule.once_at, schedule.timezone, language)
        case ScheduleKind.WORKING_DAY:
            return working_day_in_words(schedule.working_day, schedule.time_of_day, language)
        case ScheduleKind.SOLAR:
            return solar_in_words(
                schedule.solar_event, schedule.latitude, schedule.longitude, language
            )


def interval_in_words(seconds: int, language: str) -> str:
    """Return the interval as a phrase, such as “Every 15 minutes”."""
    count, unit = split_length(seconds)
    one, few = _EVERY["tr" if language == "tr" else "en", unit]
    return one if count == 1 else few.format(n=count)


@lru_cache(maxsize=1024)
def cron_in_words(expression: str, language: str) -> str:
    """Return the cron expression as a phrase, or as it is where there are no words for it."""
    fields = NICKNAMES.get(expression.strip().lower(), expression)
    if not is_tellable(fields):
        return expression
    options = Options(
        locale_code=LOCALES.get(language, LOCALES["en"]),
        use_24hour_time_format=True,
        verbose=fields.split()[2:] == ["*", "*", "*"] and _one_time(fields),
    )
    try:
        told = str(_Descriptor(as_told(fields, language), options).get_description())
    except (FormatException, ValueError, IndexError):
        return expression
    return _as_turks_write(told) if language == "tr" else told


def _as_turks_write(told: str) -> str:
    return re.sub(r"([Hh]er \d+ saatte)(?! bir)", r"\1 bir", told).replace(", ve ", " ve ")


def _one_time(fields: str) -> bool:
    """Whether it is due at one time of the day, so that “every day” belongs to the phrase."""
    return all(part.isdigit() or "," in part for part in fields.split()[:2])
