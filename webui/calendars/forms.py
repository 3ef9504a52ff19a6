"""The forms of a calendar, and of a day of its own."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request

from tasks.errors import Invalid
from tasks.models import Calendar, DayKind
from tasks.settings import settings
from webui.calendars import choices
from webui.forms import Form, typed

TEXTS = ("title", "slug", "country", "source", "source_calendar")
LONGEST = {"title": 200, "source_calendar": 80}


@dataclass
class CalendarForm(Form):
    """What was typed about a calendar."""

    @classmethod
    def empty(cls) -> "CalendarForm":
        """The form of a calendar that does not exist yet: that of a Turkish company."""
        form = cls(values=dict.fromkeys(TEXTS, ""))
        country = "TR" if settings().timezone == "Europe/Istanbul" else ""
        form.values |= {"country": country, "weekend": ["5", "6"], "works_half_days": True}
        form.values["version"] = ""
        return form

    @classmethod
    def of(cls, calendar: Calendar) -> "CalendarForm":
        """The form of a calendar as it is."""
        form = cls.empty()
        form.values |= {name: getattr(calendar, name) or "" for name in TEXTS}
        form.values["weekend"] = [str(number) for number in calendar.weekend]
        form.values["works_half_days"] = calendar.works_half_days
        form.values["version"] = str(calendar.version)
        return form

    @classmethod
    def typed(cls) -> "CalendarForm":
        """The form as it was sent."""
        form = cls(values={name: typed(name) for name in TEXTS})
        form.values["weekend"] = request.form.getlist("weekend")
        form.values["works_half_days"] = "works_half_days" in request.form
        form.values["version"] = typed("version")
        return form

    @property
    def says_more(self) -> bool:
        """Whether there is something to see in the part that is rarely used."""
        return bool(self.text("source") or {"source", "source_calendar"} & self.errors.keys())

    def content(self) -> dict[str, Any]:
        """Return what a person decides about a calendar, by column; raises Invalid."""
        weekdays = {value: int(value) for value, _ in choices.weekdays()}
        chosen = self.values["weekend"]
        return {
            "title": self._text("title"),
            "country": self._one_of("country", choices.countries()),
            "weekend": [number for value, number in weekdays.items() if value in chosen],
            "works_half_days": self.values["works_half_days"],
            "source": self._one_of("source", choices.sources()),
            "source_calendar": self._text("source_calendar") or None,
        }

    def _text(self, name: str) -> str:
        return self.text(name)[: LONGEST[name]]

    def _one_of(self, name: str, options: choices.Options) -> str | None:
        given = self.text(name)
        if given not in {value for value, _ in options}:
            raise Invalid("Choose one of these.", field=name)
        return given or None


@dataclass
class DayForm(Form):
    """What was typed about a day of a calendar's own."""

    @classmethod
    def empty(cls) -> "DayForm":
        """The form before anything is typed."""
        return cls(values={"day": "", "kind": DayKind.HOLIDAY, "name": ""})

    @classmethod
    def typed(cls) -> "DayForm":
        """The form as it was sent."""
        return cls(values={name: typed(name) for name in ("day", "kind", "name")})

    def content(self) -> dict[str, Any]:
        """Return the day, what it is, and its name; raises Invalid."""
        if self.text("kind") not in set(DayKind):
            raise Invalid("Choose one of these.", field="kind")
        return {
            "day": day_in(self.text("day")),
            "kind": DayKind(self.text("kind")),
            "name": self.text("name"),
        }


def day_in(text: str) -> date:
    """Return the day that was typed; raises Invalid."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(
            "“{given}” is not a day such as 2026-03-16.", field="day", given=text
        ) from None
