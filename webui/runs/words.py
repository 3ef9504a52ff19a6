"""What runs are in the reader's words."""

import re
from dataclasses import dataclass
from datetime import date

from flask_babel import format_date, format_datetime, format_decimal, gettext, lazy_gettext

from tasks.errors import Invalid
from tasks.models import Run, RunState, Trigger
from tasks.queries.meant import meant_of
from tasks.queries.reached import Reached
from tasks.queries.run_story import RunStory
from tasks.queries.runs import why_of
from tasks.reports.meant import Meant
from tasks.reports.parameters import (
    SINCE,
    DateSpan,
    InstantSpan,
    ParameterDefinition,
    Value,
    definitions_of,
    minds_history,
    typed,
)
from tasks.runs.disk import WAITS_FOR_ROOM
from tasks.runs.holds import QUEUE_PAUSED
from tasks.runs.limits import OVERLAP, QUEUE_BUSY, QUIET_HOURS, SOURCE_BUSY, TASK_BUSY
from tasks.settings import settings
from webui.database import db
from webui.date_words import words_said
from webui.error_kinds import KINDS
from webui.masks import is_secret, masked

ENDINGS = {
    RunState.QUEUED: lazy_gettext("It waits for a worker"),
    RunState.RUNNING: lazy_gettext("It is running"),
    RunState.SUCCEEDED: lazy_gettext("It succeeded"),
    RunState.FAILED: lazy_gettext("It failed"),
    RunState.TIMED_OUT: lazy_gettext("It ran longer than its time limit"),
    RunState.CANCELLED: lazy_gettext("It was cancelled"),
    RunState.LOST: lazy_gettext("Its worker was lost"),
    RunState.SKIPPED: lazy_gettext("It was skipped"),
}
REACHED = {
    Reached.NOT_SENT: lazy_gettext("It succeeded; nothing was sent"),
    Reached.WAITING: lazy_gettext("It succeeded; what it made is being sent"),
    Reached.SOME: lazy_gettext("It succeeded, but was delivered only in part"),
    Reached.NOBODY: lazy_gettext("It succeeded, but nobody got it"),
}
"""How a run stands whose deliveries have not all arrived."""
WAITS = {
    "retry": lazy_gettext("It waits for its next attempt"),
    "overlap": lazy_gettext("It waits until the run before it has ended"),
    "task_busy": lazy_gettext("It waits until fewer runs of its task are at work"),
    "source_busy": lazy_gettext("It waits until fewer runs read its source"),
    "quiet_hours": lazy_gettext("It waits until the quiet hours of its source are over"),
    "disk": lazy_gettext("It waits until there is room on the disk again"),
    "queue_busy": lazy_gettext("It waits until fewer runs of its queue are at work"),
    "queue_paused": lazy_gettext("It waits because its queue is paused"),
}
"""What a queued run waits for, where it is more than a worker."""
SAID_BY_CODE = (
    OVERLAP,
    TASK_BUSY,
    QUEUE_BUSY,
    SOURCE_BUSY,
    QUIET_HOURS,
    QUEUE_PAUSED,
    WAITS_FOR_ROOM,
)
"""Reasons that say no more than the words above."""
SKIPS = {
    "missed": lazy_gettext("It was missed"),
    "overlap": lazy_gettext("It was skipped because the run before it had not ended"),
    "holiday": lazy_gettext("It was skipped because it is no working day"),
    "holiday_merged": lazy_gettext("It was merged with another instant of the same day"),
    "paused": lazy_gettext("It was skipped because its schedule was paused"),
    "deadline": lazy_gettext("It was skipped because it could not start in time"),
    "off": lazy_gettext("It was skipped because the task was off"),
    "invalid": lazy_gettext("It was skipped because its schedule can no longer be read"),
    "loop": lazy_gettext("It was skipped because too many runs followed one another"),
    "edited": lazy_gettext("It was skipped because its schedule was changed"),
}
"""Why a due instant was not run."""
TRIGGERS = {
    Trigger.SCHEDULE: lazy_gettext("Schedule"),
    Trigger.PERSON: lazy_gettext("Person"),
    Trigger.API: lazy_gettext("API"),
    Trigger.TASK: lazy_gettext("Task"),
    Trigger.CODE: lazy_gettext("Code"),
}
FAILED = (RunState.FAILED, RunState.LOST)
PERIOD_WORDS = {
    "1h": lazy_gettext("Last hour"),
    "24h": lazy_gettext("Last 24 hours"),
    "7d": lazy_gettext("Last 7 days"),
    "30d": lazy_gettext("Last 30 days"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands at the head of a run's page."""

    ending: str
    sentence: str
    trigger: str
    parameters: list[tuple[str, str]]


def facts_of(story: RunStory) -> Facts:
    """Say why the run is as it is, and with which parameters it runs."""
    run = story.run
    sentence = "" if why_of(run) in SAID_BY_CODE else why_of(run)
    return Facts(_ending(story), sentence, str(TRIGGERS[run.trigger]), _parameters(story))


def _ending(story: RunStory) -> str:
    """Say in a few words how it stands with the run, and with what it sends."""
    run = story.run
    code = run.reason_code or ""
    if run.state is RunState.SUCCEEDED and story.deliveries:
        return str(REACHED.get(story.sent.reached, ENDINGS[run.state]))
    if run.state is RunState.QUEUED and code in WAITS:
        return str(WAITS[code])
    if run.state is RunState.SKIPPED and code in SKIPS:
        return str(SKIPS[code])
    if run.state in FAILED and run.error_kind is not None:
        return str(KINDS[run.error_kind])
    return str(ENDINGS[run.state])


def _parameters(story: RunStory) -> list[tuple[str, str]]:
    """Return label and value of each parameter, with relative dates as the days they meant.

    A run that has read shows what it read with, whatever its calendar says by now.
    """
    run = story.run
    known = run.parameters if run.resolved is None else run.resolved
    meant = Meant(run.scheduled_for.astimezone(story.zone or settings().zone))
    try:
        definitions = definitions_of(story.parameters)
        if minds_history(definitions, known):
            meant = meant_of(db.session(), run, meant.at)
    except (Invalid, ValueError):  # they never fitted: as they are kept
        return [
            (name, masked() if is_secret(name) else str(value))
            for name, value in run.parameters.items()
        ]
    return [(one.title, _said(one, known.get(one.name), meant, run)) for one in definitions]


def _said(one: ParameterDefinition, kept: object, meant: Meant, run: Run) -> str:
    """Say a value; one that the source alone can tell, or that no longer fits, as it is kept."""
    try:
        value = one.value(kept, meant)
    except (Invalid, ValueError):
        return masked() if is_secret(one.name) else words_said(typed(kept))
    return _words(one, value, run)


def _words(one: ParameterDefinition, value: Value, run: Run) -> str:
    if value is None:
        return "–"
    if is_secret(one.name):
        return masked()
    if isinstance(value, bool):
        return str(gettext("Yes") if value else gettext("No"))
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or str(gettext("all of the source"))
    if isinstance(value, InstantSpan):
        return _times(value, one, run)
    if isinstance(value, DateSpan):
        return _noted(f"{format_date(value.first)} – {format_date(value.last)}", one, run)
    if isinstance(value, date):
        return _noted(str(format_date(value)), one, run)
    if isinstance(value, str):
        return value
    return str(format_decimal(value))


def _times(span: InstantSpan, one: ParameterDefinition, run: Run) -> str:
    if run.resolved is None and run.parameters[one.name] == SINCE:  # known when it reads
        return str(gettext("from the last success"))
    first, last = (format_datetime(instant, rebase=False) for instant in (span.first, span.last))
    return _noted(f"{first} – {last}", one, run)


def _noted(days: str, one: ParameterDefinition, run: Run) -> str:
    """Say the days, and where they were given as words, those too."""
    given = str(run.parameters.get(one.name))
    if given == SINCE:
        return f"{days} ({gettext('from the last success')})"
    return f"{days} ({words_said(given)})" if re.search("[a-z]", given) else days
