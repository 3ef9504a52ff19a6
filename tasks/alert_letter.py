"""What a mail about alerts says: what happened, what to do, and where to look."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import urlencode

from tasks.channels.email import plain_letter
from tasks.models import Alert, AlertKind, AlertMail, RunState
from tasks.settings import settings

MOST_TOLD = 5
SUBJECTS = {
    AlertKind.SCHEDULER_SILENT: (
        "The scheduler is silent",
        "The scheduler was silent {count} times",
    ),
    AlertKind.LATE_START: ("A report did not start in time", "{count} runs did not start in time"),
    AlertKind.LATE_FINISH: ("A report is late", "{count} runs are late"),
    AlertKind.SCHEDULE_OFF: (
        "A schedule was switched off",
        "{count} schedules were switched off",
    ),
    AlertKind.SCHEDULE_STUCK: (
        "A schedule cannot be fired",
        "{count} schedules cannot be fired",
    ),
}
"""For one alert, and for many."""


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
        message_id=f"<alert-{told.mail.id}@task-orchestrator>",
    )


def where_to_look(alert: Alert, *, count: int) -> str:
    """Return the path of the page: the run of one alert, the list of runs of many."""
    if alert.run is None:
        return "/"
    if count == 1:
        return f"/runs/{alert.run.id}"
    wanted = {"task": alert.run.task.slug}
    if alert.kind is AlertKind.LATE_START:
        wanted["state"] = RunState.SKIPPED.value
    return f"/runs?{urlencode(wanted)}"


def _subject(told: Told) -> str:
    one, many = SUBJECTS[told.first[0].kind]
    subject = one if told.count == 1 else many.format(count=told.count)
    run = told.first[0].run
    return f"{subject}: {run.task.title}" if run else subject


def _text(told: Told) -> str:
    where = settings().web_url + where_to_look(told.first[0], count=told.count)
    if told.count == 1:
        return f"{told.first[0].sentence}\n\n{where}\n"
    lines = [f"- {alert.sentence}" for alert in told.first]
    if rest := told.count - len(told.first):
        lines.append(f"- … and {rest} more.")
    return "\n".join(lines) + f"\n\n{where}\n"
