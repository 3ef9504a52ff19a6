"""The form of a schedule: from the row to its controls, and from what was typed to its columns."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import request
from flask_babel import gettext

from tasks.errors import Invalid
from tasks.models import Schedule, TaskDefinition
from tasks.reports.companies import offered
from tasks.reports.parameters import ParameterDefinition, ParameterType
from tasks.scheduling.words import in_words
from tasks.settings import settings
from webui.database import db
from webui.forms import Form, whole_number
from webui.i18n import language
from webui.parameters import any_dated, controls_of, given, said, sent
from webui.schedules import when

OTHERS = ("name", "priority", "version")


@dataclass
class ScheduleForm(Form):
    """What was typed about a schedule; empty parameters follow the task's defaults."""

    definitions: list[ParameterDefinition] = field(default_factory=list)

    @property
    def has_dates(self) -> bool:
        """Whether the words for dates are of use."""
        return any_dated(self.definitions)

    @classmethod
    def empty(cls, task: TaskDefinition) -> "ScheduleForm":
        """The form of a schedule that does not exist yet."""
        form = cls(definitions=[_optional(one) for one in offered(db.session(), task)])
        form.values = {"name": "", "priority": "", "version": "", "enabled": True}
        when.put_empty(form, settings().timezone)
        for one in form.definitions:
            form.values |= controls_of(one, None)
        return form

    @classmethod
    def of(cls, schedule: Schedule) -> "ScheduleForm":
        """The form of a schedule as it is."""
        form = cls.empty(schedule.task)
        form.values |= {
            "name": schedule.name,
            "enabled": schedule.enabled,
            "priority": "" if schedule.priority is None else str(schedule.priority),
            "version": str(schedule.version),
        }
        when.put(form, schedule)
        for one in form.definitions:
            form.values |= controls_of(one, schedule.parameters.get(one.name))
        return form

    @classmethod
    def typed(cls, task: TaskDefinition) -> "ScheduleForm":
        """The form as it was sent."""
        form = cls.empty(task)
        form._take(OTHERS)
        for one in form.definitions:
            form.values |= sent(one, request.values)
        form._take_timing()
        form.values["enabled"] = "enabled" in request.form
        return form

    @classmethod
    def of_query(cls) -> "ScheduleForm":
        """Only when it is due, from the query string."""
        form = cls()
        when.put_empty(form, settings().timezone)
        form._take_timing()
        return form

    @property
    def says_more(self) -> bool:
        """Whether there is something to see in the part that is rarely used."""
        usual = {"calendar_id": "", "ends_at": "", "on_holiday": "run", "catch_up": "last"}
        changed = any(self.text(name) != value for name, value in usual.items())
        return changed or not self.errors.keys().isdisjoint(when.RARELY)

    def meant(self, *, now: datetime) -> Schedule:
        """Return a schedule, kept nowhere, that is due as the form says; raises Invalid."""
        return Schedule(**when.columns_of(self, now=now))

    def content(self, *, now: datetime) -> dict[str, Any]:
        """Return what a person decides about a schedule, by column; raises Invalid."""
        timing = when.columns_of(self, now=now)
        return timing | {
            "name": self.text("name")[:200] or in_words(Schedule(**timing), language())[:200],
            "enabled": self.values["enabled"],
            "priority": self._priority(),
            "parameters": {
                one.name: said for one in self.definitions if (said := given(one, self.values))
            },
        }

    def _priority(self) -> int | None:
        given = self.text("priority")
        if not given:
            return None
        if (number := whole_number(given)) is None:
            raise Invalid("The priority is a number from 0 to 9.", field="priority")
        return number

    def _take_timing(self) -> None:
        sent = request.values
        self._take(tuple(name for name in (*when.TIMING, *when.RARELY) if name in sent))
        self.values["days"] = sent.getlist("days")

    def _take(self, names: tuple[str, ...]) -> None:
        """Take what was sent, from the form or from the query string."""
        self.values |= {name: request.values.get(name, "") for name in names}


def _optional(one: ParameterDefinition) -> ParameterDefinition:
    """Return the parameter as a schedule asks for it: empty means the task's default."""
    if not one.default or one.type is ParameterType.SINCE:
        return one
    default = gettext(
        "Empty: the task's default, %(default)s.", default=said(one.type, one.default)
    )
    return one.model_copy(update={"required": False, "help": f"{one.help} {default}".strip()})
