"""What a mail about alerts says: what happened, what to do, and where to look."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5

from tasks.catalogue import in_our_language
from tasks.channels.email import plain_letter
from tasks.errors import mark
from tasks.models import Alert, AlertKind, AlertMail, RunState
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
}
"""For one alert, and for many."""

AND_MORE = mark("… and {count} more.")
ALL_OF_THEM = mark("All of them: {where}")


@dataclass(frozen=True, slots=True)
class Told:
    """A mail with the first few of its alerts, and how many there are in all."""

    mail: AlertMail
    first: Sequence[Alert]
    count: int


def letter(told: Told) -> EmailMessage:
    """Write the letter to the recipients of its mail."""
    return plain_letter(
        told.mail.recipients,
        subject=_subject(told),
        text=_text(told),
        message_id=_message_id(told.mail),
    )


def _message_id(mail: AlertMail) -> str:
    """Return what no other mail has, also of another installation or a database begun anew."""
    made = f"{settings().web_url}#{mail.id}@{mail.created_at.isoformat()}"
    return f"<{uuid5(NAMESPACE_URL, made)}@task-orchestrator>"


def _subject(told: Told) -> str:
    first = told.first[0]
    one, many = SUBJECTS[first.kind]
    title = first.run.task.title if first.run else ""
    return in_our_language(one if told.count == 1 else many, title=title, count=told.count)


def _text(told: Told) -> str:
    if told.count == 1:
        return f"{told.first[0].mailed_as}\n\n{_address(told.first[0])}\n"
    where = _address(told.first[0], count=told.count)
    lines = [f"- {alert.mailed_as}\n  {_address(alert)}" for alert in told.first]
    if rest := told.count - len(told.first):
        lines.append(f"- {in_our_language(AND_MORE, count=rest)}")
    return "\n".join(lines) + f"\n\n{in_our_language(ALL_OF_THEM, where=where)}\n"


def _address(alert: Alert, *, count: int = 1) -> str:
    """Return the address of a page: the run of one alert, the list of runs of many."""
    web = settings().web_url
    if alert.run is None:
        return web
    if count == 1:
        return f"{web}/runs/{alert.run.id}"
    wanted = {"task": alert.run.task.slug}
    if alert.kind is AlertKind.LATE_START:
        wanted["state"] = RunState.SKIPPED.value
    return f"{web}/runs?{urlencode(wanted)}"
