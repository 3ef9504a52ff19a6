"""The settings of a task as its page says them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tasks.errors import Invalid
from tasks.jobs.registry import SettingField, find_job
from tasks.models import Schedule, TaskDefinition
from tasks.queries.next_runs import coming
from tasks.reports.parameters import ParameterDefinition, definitions_of
from tasks.scheduling.words import in_words
from webui.database import db
from webui.error_kinds import KINDS
from webui.i18n import language
from webui.masks import is_secret, masked
from webui.parameters import said
from webui.tasks.choices import OVERLAPS, TYPES, priorities
from webui.tasks.job_settings import fields_of
from webui.tasks.waits import Waits, length_in_words, say_waits

INSTANTS = 3


@dataclass(frozen=True, slots=True)
class ScheduleInWords:
    """A schedule as the page of its task shows it."""

    schedule: Schedule
    words: str
    instants: list[datetime]
    is_paused: bool


@dataclass(frozen=True, slots=True)
class ParameterInWords:
    """A parameter as the page of its task shows it."""

    definition: ParameterDefinition
    type: str
    default: str
    choices: str


@dataclass(frozen=True, slots=True)
class Policies:
    """How a task runs, in words; what is not limited is empty."""

    priority: str
    time_limit: str
    waits: Waits
    kinds: Sequence[str]
    overlap: str
    start_within: str
    deliver_within: str


def policies_in_words(task: TaskDefinition) -> Policies:
    return Policies(
        priority=dict(priorities())[str(task.priority)],
        time_limit=_length(task.timeout_seconds),
        waits=say_waits(task.retry_preview()),
        kinds=[str(word) for kind, word in KINDS.items() if kind in task.retry_on],
        overlap=str(OVERLAPS[task.overlap]),
        start_within=_length(task.start_deadline_seconds),
        deliver_within=_length(task.finish_deadline_seconds),
    )


def job_fields(task: TaskDefinition) -> Sequence[SettingField]:
    """Return the settings to show; none for a report, or for a job that is not installed here."""
    try:
        return () if task.job == "report" else fields_of(task.job)
    except Invalid:
        return ()


def job_title(task: TaskDefinition) -> str:
    """Return what the job is called, in English; its name where it is not installed here."""
    try:
        return find_job(task.job).title
    except Invalid:
        return task.job


def parameters_in_words(task: TaskDefinition) -> list[ParameterInWords]:
    return [_in_words(one) for one in definitions_of(task.parameters)]


def _in_words(one: ParameterDefinition) -> ParameterInWords:
    """What a secret parameter may hold is masked; that it holds something is not."""
    default, choices = said(one.type, one.default), ", ".join(one.choices)
    if is_secret(one.name):
        default, choices = (masked() if held else "" for held in (default, choices))
    return ParameterInWords(one, str(TYPES[one.type]), default, choices)


def schedules_in_words(schedules: Sequence[Schedule], *, now: datetime) -> list[ScheduleInWords]:
    instants = coming(db.session(), schedules, now=now, count=INSTANTS)
    return [
        ScheduleInWords(
            one,
            in_words(one, language()),
            instants[one.id],
            is_paused=one.paused_until is not None and one.paused_until > now,
        )
        for one in schedules
    ]


def _length(seconds: int | None) -> str:
    return "" if seconds is None else length_in_words(timedelta(seconds=seconds))
