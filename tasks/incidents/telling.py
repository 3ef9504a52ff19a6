"""What is told of an incident: that runs fail, that letters fail, and its end; each once.

The key of the alert sees to that: a task whose letters have not reached somebody for weeks, and
that fails then itself, is told as well.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from tasks.alerts import installation_recipients, raise_alert
from tasks.errors import mark
from tasks.incidents.people import people_of
from tasks.models import AlertKind, Delivery, Incident, Run
from tasks.settings import settings

FAILED = mark(
    "“{title}” failed at {time}. {why} You hear of it again once it works; "
    "until then, look at its page for what to do."
)
NOT_DELIVERED = mark(
    "“{title}” of {time} did not reach {recipient}. {why} "
    "Put that right on the page of the run, and send it again there."
)
IN_DOUBT = mark(
    "“{title}” of {time} may not have reached {recipient}. {why} "
    "Ask there, and send it again on the page of the run where it is missing."
)
RECOVERED = mark(
    "“{title}” works again since {time}. It failed first at {since}; failed runs: {count}."
)
UNEXPLAINED = mark("Nothing is known of why.")


def tell_failed(session: Session, run: Run, incident: Incident) -> None:
    """Tell that runs of the task fail."""
    words = {"time": _time(run.finished_at), "why": _sentence(run.error)}
    _tell(session, AlertKind.TASK_FAILED, FAILED, run, incident, words)


def tell_not_delivered(
    session: Session, run: Run, incident: Incident, delivery: Delivery, *, why: str, in_doubt: bool
) -> None:
    """Tell that a letter of the task arrives no more, or that nobody knows whether it did."""
    words = {"time": _time(run.scheduled_for), "recipient": delivery.recipient or "–"}
    words["why"] = _sentence(why)
    template = IN_DOUBT if in_doubt else NOT_DELIVERED
    _tell(session, AlertKind.DELIVERY_FAILED, template, run, incident, words)


def tell_recovered(session: Session, run: Run, incident: Incident, *, now: datetime) -> None:
    """Tell that the task works again, to those who were told that it did not."""
    words = {"time": _time(now), "since": _time(incident.created_at)}
    words["count"] = str(incident.failures)
    _tell(session, AlertKind.TASK_RECOVERED, RECOVERED, run, incident, words)


def _tell(
    session: Session,
    kind: AlertKind,
    template: str,
    run: Run,
    incident: Incident,
    words: dict[str, str],
) -> None:
    people = people_of(session, run.task)
    raise_alert(
        session,
        kind,
        key=str(incident.id),
        template=template,
        values=words | {"title": run.task.title},
        run=run,
        recipients=people,
        mail_topic=_mail_topic(people),
    )


def _mail_topic(people: Sequence[str]) -> str:
    """Return one topic for all that the same people are told, so that they get it together.

    Else an outage of a source would be a mail for each of the tasks that read it.
    """
    told = ",".join(sorted({*people, *installation_recipients()}))
    return f"people:{hashlib.sha256(told.encode()).hexdigest()[:32]}"


def _sentence(text: str | None) -> str:
    """Return the error as a sentence, which ends as one."""
    if not text:
        return UNEXPLAINED
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _time(instant: datetime | None) -> str:
    return f"{instant.astimezone(settings().zone):%d.%m.%Y %H:%M}" if instant else "–"
