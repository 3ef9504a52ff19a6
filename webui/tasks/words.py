"""The settings of a task as its page says them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tasks.models import Schedule, TaskDefinition
from tasks.queries.schedules import coming
from tasks.reports.parameters import ParameterDefinition, definitions_of
from tasks.scheduling.words import in_words
from webui.i18n import language
from webui.tasks.choices import KINDS, TYPES, priorities

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


def waits_of(task: TaskDefinition) -> list[timedelta]:
    """Return the waits before the second attempt, the third and so on; the first few of them."""
    waits = min(task.max_attempts - 1, MOST_WAITS)
    return [task.retry_delay(attempt=number) for number in range(1, waits + 1)]


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
            [instant.at for instant in coming(one, now=now, count=INSTANTS)],
        )
        for one in schedules
    ]
