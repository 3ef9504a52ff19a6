"""The settings of a task as its page says them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import ngettext

from tasks.lengths import split_length
from tasks.models import Schedule, TaskDefinition
from tasks.queries.schedules import coming
from tasks.reports.parameters import ParameterDefinition, definitions_of
from tasks.scheduling.words import in_words
from webui.database import db
from webui.error_kinds import KINDS
from webui.i18n import language
from webui.tasks.choices import TYPES, priorities

MOST_WAITS = 6
INSTANTS = 3


@dataclass(frozen=True, slots=True)
class ScheduleInWords:
    """A schedule as the page of its task shows it."""

    schedule: Schedule
    words: str
    instants: list[datetime]


@dataclass(frozen=True, slots=True)
class ParameterInWords:
    """A parameter as the page of its task shows it."""

    definition: ParameterDefinition
    type: str


def length_in_words(length: timedelta) -> str:
    """Return a length that somebody chose, such as 15 minutes or 90 seconds."""
    count, unit = split_length(round(length.total_seconds()))
    words = {
        "seconds": ngettext("%(num)s second", "%(num)s seconds", count),
        "minutes": ngettext("%(num)s minute", "%(num)s minutes", count),
        "hours": ngettext("%(num)s hour", "%(num)s hours", count),
        "days": ngettext("%(num)s day", "%(num)s days", count),
    }
    return str(words[unit])


def waits_of(task: TaskDefinition) -> list[str]:
    """Return the waits before the second attempt, the third and so on; the first few of them."""
    return [length_in_words(wait) for wait in task.retry_preview()[:MOST_WAITS]]


def kinds_of(task: TaskDefinition) -> list[str]:
    """Return the errors after which the task is tried again, in words."""
    return [str(word) for kind, word in KINDS.items() if kind in task.retry_on]


def parameters_in_words(task: TaskDefinition) -> list[ParameterInWords]:
    return [ParameterInWords(one, str(TYPES[one.type])) for one in definitions_of(task.parameters)]


def priority_of(task: TaskDefinition) -> str:
    return dict(priorities())[str(task.priority)]


def schedules_in_words(schedules: Sequence[Schedule], *, now: datetime) -> list[ScheduleInWords]:
    return [
        ScheduleInWords(
            one,
            in_words(one, language()),
            [planned.due_at for planned in coming(db.session(), one, now=now, count=INSTANTS)],
        )
        for one in schedules
    ]
