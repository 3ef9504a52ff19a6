"""The form of a schedule: from the row to its controls, and from what was typed to its columns."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import request
from flask_babel import gettext

from tasks.errors import Invalid
from tasks.models import Schedule, ScheduleKind, TaskDefinition
from tasks.reports.parameters import ParameterDefinition, definitions_of, typed
from tasks.scheduling.words import cron_in_words, interval_in_words
from tasks.settings import settings
from webui.forms import Form, whole_number
from webui.i18n import language
from webui.schedules.builder import Built, Pattern, cron_of, pattern_of

TIMING = (
    "pattern", "time", "day", "cron", "interval_seconds", "interval_seconds-unit", "timezone",
    "anchor",
)  # fmt: skip
OTHERS = ("name", "priority")
LONGEST_INTERVAL = 366 * 86_400


@dataclass
class ScheduleForm(Form):
    """What was typed about a schedule; empty parameters follow the task's defaults."""

    definitions: list[ParameterDefinition] = field(default_factory=list)

    @classmethod
    def empty(cls, task: TaskDefinition) -> "ScheduleForm":
        """The form of a schedule that does not exist yet."""
        form = cls(definitions=[_optional(one) for one in definitions_of(task.parameters)])
        form.values = {"name": "", "priority": "", "enabled": True, "cron": "0 9 * * 1-5"}
        form.values["anchor"] = ""
        form.values["timezone"] = settings().timezone
        form._put(Built(Pattern.WEEKDAYS))
        form.put_length("interval_seconds", 3_600)
        form.values |= {f"parameters-{one.name}": "" for one in form.definitions}
        return form

    @classmethod
    def of(cls, schedule: Schedule) -> "ScheduleForm":
        """The form of a schedule as it is."""
        form = cls.empty(schedule.task)
        form.values |= {
            "name": schedule.name,
            "timezone": schedule.timezone,
            "enabled": schedule.enabled,
            "anchor": schedule.starts_at.isoformat(),
            "priority": "" if schedule.priority is None else str(schedule.priority),
        }
        form._put_timing(schedule)
        for one in form.definitions:
            if (value := schedule.parameters.get(one.name)) is not None:
                form.values[f"parameters-{one.name}"] = typed(value)
        return form

    @classmethod
    def typed(cls, task: TaskDefinition) -> "ScheduleForm":
        """The form as it was sent."""
        form = cls.empty(task)
        form._take((*TIMING, *OTHERS, *(f"parameters-{one.name}" for one in form.definitions)))
        form.values["enabled"] = "enabled" in request.form
        return form

    @classmethod
    def of_query(cls) -> "ScheduleForm":
        """Only when it is due, from the query string."""
        form = cls(values={"timezone": settings().timezone})
        form._take(TIMING)
        return form

    @property
    def kind(self) -> ScheduleKind:
        interval = self.text("pattern") == Pattern.INTERVAL
        return ScheduleKind.INTERVAL if interval else ScheduleKind.CRON

    def anchor(self, now: datetime) -> datetime:
        """Return what an interval counts from: the start of the schedule, or now where it is new.

        It serves the preview only; what is saved keeps the start that it has.
        """
        try:
            given = datetime.fromisoformat(self.text("anchor"))
        except ValueError:
            return now.replace(microsecond=0)
        return given if given.tzinfo else given.replace(tzinfo=UTC)

    def timing(self) -> dict[str, Any]:
        """Return the columns that say when; raises Invalid with the control's name."""
        interval = self.kind is ScheduleKind.INTERVAL
        return {
            "kind": self.kind,
            "cron": None if interval else self._cron(),
            "interval_seconds": self._interval() if interval else None,
            "timezone": self.text("timezone"),
        }

    def content(self) -> dict[str, Any]:
        """Return what a person decides about a schedule, by column; raises Invalid."""
        timing = self.timing()
        return timing | {
            "name": self.text("name")[:200] or self._words(timing),
            "enabled": self.values["enabled"],
            "priority": self._priority(),
            "parameters": {
                one.name: given
                for one in self.definitions
                if (given := self.text(f"parameters-{one.name}"))
            },
        }

    def words(self) -> str:
        """Return when it is due as a phrase; raises Invalid."""
        return self._words(self.timing())

    def _words(self, timing: dict[str, Any]) -> str:
        if timing["interval_seconds"]:
            return interval_in_words(timing["interval_seconds"], language())
        return cron_in_words(timing["cron"] or "", language())

    def _cron(self) -> str:
        try:
            pattern = Pattern(self.text("pattern"))
        except ValueError:
            raise Invalid("Choose how often.", field="pattern") from None
        if pattern is Pattern.CRON:
            return " ".join(self.text("cron").split())
        days = self.values.get("days", [])
        return cron_of(Built(pattern, self.text("time"), days, self.text("day")))

    def _interval(self) -> int:
        seconds = self.take_length("interval_seconds")
        if isinstance(seconds, int) and 1 <= seconds <= LONGEST_INTERVAL:
            return seconds
        raise Invalid("Give a whole length from 1 second to 366 days.", field="interval_seconds")

    def _priority(self) -> int | None:
        given = self.text("priority")
        if not given:
            return None
        if (number := whole_number(given)) is None:
            raise Invalid("The priority is a number from 0 to 9.", field="priority")
        return number

    def _put_timing(self, schedule: Schedule) -> None:
        if schedule.kind is ScheduleKind.INTERVAL:
            self.values["pattern"] = Pattern.INTERVAL
            self.put_length("interval_seconds", schedule.interval_seconds or 3_600)
        else:
            self.values["cron"] = schedule.cron or ""
            self._put(pattern_of(schedule.cron or ""))

    def _put(self, built: Built) -> None:
        days = list(built.days)
        self.values |= {
            "pattern": built.pattern,
            "time": built.time,
            "days": days,
            "day": built.day,
        }

    def _take(self, names: tuple[str, ...]) -> None:
        """Take what was sent, from the form or from the query string."""
        self.values |= {name: request.values.get(name, "") for name in names}
        self.values["days"] = request.values.getlist("days")


def _optional(one: ParameterDefinition) -> ParameterDefinition:
    """Return the parameter as a schedule asks for it: empty means the task's default."""
    if not one.default:
        return one
    default = gettext("Empty: the task's default, %(default)s.", default=one.default)
    return one.model_copy(update={"required": False, "help": f"{one.help} {default}".strip()})
