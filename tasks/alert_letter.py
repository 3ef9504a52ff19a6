"""What a mail about alerts says: what happened, what to do, and where to look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5

from tasks.catalogue import in_language
from tasks.channels.email import plain_letter
from tasks.errors import mark
from tasks.models import Alert, AlertKind, AlertMail, RunState
from tasks.retold import retold
from tasks.settings import settings

MOST_TOLD = 5
SUBJECTS = {
    AlertKind.SCHEDULER_SILENT: (
        mark("The scheduler is silent"),
        mark("The scheduler was silent {count} times"),
    ),
    AlertKind.LATE_START: (
        mark("“{title}” did not start in time"),
        mark("“{title}”: {count} runs did not start in time"),
    ),
    AlertKind.LATE_FINISH: (
        mark("“{title}” is late"),
        mark("“{title}”: {count} runs are late"),
    ),
    AlertKind.SCHEDULE_OFF: (
        mark("A schedule was switched off"),
        mark("{count} schedules were switched off"),
    ),
    AlertKind.SCHEDULE_STUCK: (
        mark("A schedule cannot be fired"),
        mark("{count} schedules cannot be fired"),
    ),
    AlertKind.RUN_STUCK: (
        mark("A run cannot be ended"),
        mark("{count} runs cannot be ended"),
    ),
    AlertKind.TASK_FAILED: (
        mark("“{title}” failed"),
        mark("{count} tasks failed"),
    ),
    AlertKind.TASK_RECOVERED: (
        mark("“{title}” works again"),
        mark("{count} tasks work again"),
    ),
    AlertKind.DELIVERY_FAILED: (
        mark("“{title}” did not reach everybody"),
        mark("{count} reports did not reach everybody"),
    ),
    AlertKind.DISK_FULL: (
        mark("The disk is nearly full"),
        mark("The disk was nearly full {count} times"),
    ),
}
"""For one alert, and for many."""

MIXED = mark("{count} news of your tasks")
"""Where what failed and what works again is told together."""
OF_PEOPLE = (AlertKind.TASK_FAILED, AlertKind.TASK_RECOVERED, AlertKind.DELIVERY_FAILED)
"""Gathered for those who are told, of whatever task."""

AND_MORE = mark("… and {count} more.")
ALL_OF_THEM = mark("All of them: {where}")


@dataclass(frozen=True, slots=True)
class Told:
    """A mail with a few of its alerts, what fails before what works again, and how many it has."""

    mail: AlertMail
    first: Sequence[Alert]
    counts: Mapping[AlertKind, int]
    """How many alerts of each kind the mail tells."""
    languages: Mapping[str, str] = field(default_factory=dict)
    """Of the recipients who have chosen one; in small letters."""

    @property
    def count(self) -> int:
        return sum(self.counts.values())

    def groups(self) -> dict[str, list[str]]:
        """Return the recipients by the language in which they read it."""
        found: dict[str, list[str]] = {}
        for one in self.mail.recipients:
            language = self.languages.get(one.lower(), settings().language)
            found.setdefault(language, []).append(one)
        return found


def letter(told: Told, people: Sequence[str] = (), language: str = "") -> EmailMessage:
    """Write the letter to some of its recipients in a language; to all in ours, unless said."""
    language = language or settings().language
    return plain_letter(
        people or told.mail.recipients,
        subject=_subject(told, language),
        text=_text(told, language),
        message_id=_message_id(told.mail, language),
    )


def _message_id(mail: AlertMail, language: str) -> str:
    """Return what no other mail has, also of another installation or a database begun anew."""
    made = f"{settings().web_url}#{mail.id}@{mail.created_at.isoformat()}"
    if language != settings().language:
        made += f"#{language}"
    return f"<{uuid5(NAMESPACE_URL, made)}@task-orchestrator>"


def _subject(told: Told, language: str) -> str:
    first = told.first[0]
    if len(told.counts) > 1:
        return in_language(language, MIXED, count=told.count)
    one, many = SUBJECTS[first.kind]
    title = first.run.task.title if first.run else ""
    return in_language(language, one if told.count == 1 else many, title=title, count=told.count)


def _text(told: Told, language: str) -> str:
    if told.count == 1:
        return f"{_sentence(told.first[0], language)}\n\n{_address(told.first[0])}\n"
    where = _address(told.first[0], count=told.count)
    lines = [f"- {_sentence(alert, language)}\n  {_address(alert)}" for alert in told.first]
    if rest := told.count - len(told.first):
        lines.append(f"- {in_language(language, AND_MORE, count=rest)}")
    return "\n".join(lines) + f"\n\n{in_language(language, ALL_OF_THEM, where=where)}\n"


def _sentence(alert: Alert, language: str) -> str:
    return alert.mailed_as if language == settings().language else retold(alert.sentence, language)


def _address(alert: Alert, *, count: int = 1) -> str:
    """Return the address of a page: the run of one alert, the list of runs of many."""
    web = settings().web_url
    if alert.run is None or (count > 1 and alert.kind in OF_PEOPLE):
        return web
    if count == 1:
        return f"{web}/runs/{alert.run.id}"
    wanted = {"task": alert.run.task.slug}
    if alert.kind is AlertKind.LATE_START:
        wanted["state"] = RunState.SKIPPED.value
    return f"{web}/runs?{urlencode(wanted)}"
