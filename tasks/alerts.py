"""Alerts: what a person has to know, written once by whoever sees it first, and told together."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from logging import getLogger

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tasks.catalogue import in_our_language
from tasks.db import db_now, insert_once, insert_or_lock
from tasks.models import Alert, AlertKind, AlertMail, AlertMailState, Run
from tasks.models.alert import GATHERING
from tasks.settings import settings

log = getLogger(__name__)

GATHER_TICKS = 30
"""So long a first mail waits for others of its kind: a pass tells only so many late runs."""
PAUSE = timedelta(hours=1)
SILENT_PAUSE = timedelta(minutes=10)
"""A scheduler that falls silent again is told sooner: nothing else runs meanwhile."""
NEWS_PAUSE = timedelta(minutes=5)
"""What fails or works again is told so often at most to the same people, each time all of it."""
PAUSES = {
    AlertKind.SCHEDULER_SILENT: SILENT_PAUSE,
    AlertKind.TASK_FAILED: NEWS_PAUSE,
    AlertKind.TASK_RECOVERED: NEWS_PAUSE,
    AlertKind.DELIVERY_FAILED: NEWS_PAUSE,
}


def raise_alert(
    session: Session,
    kind: AlertKind,
    *,
    key: str,
    template: str,
    values: Mapping[str, str],
    run: Run | None = None,
    task_id: int | None = None,
    recipients: list[str] | None = None,
    mail_topic: str = "",
) -> bool:
    """Write an alert, unless it stands there already; returns whether it was new.

    `template` with its `values` filled in is its sentence.
    It goes to the given addresses and to those of the installation, in one mail with all that is
    raised about the same task (`task_id`, or else the run's) and kind until that mail is sent, or
    with all of the same `mail_topic`.
    """
    sentence = template.format(**values)
    about = run.task_definition_id if run else task_id
    row = {
        "key": f"{kind}:{key}",
        "kind": kind,
        "topic": f"{kind}:{about}" if about else kind.value,
        "run_id": run.id if run else None,
        "sentence": sentence,
        "mailed_as": in_our_language(template, **values),
    }
    alert = insert_once(session, Alert, row)
    if alert is None:
        return False
    if people := {*(recipients or []), *installation_recipients()}:
        alert.mail_id = _gathering_mail(session, alert, people, mail_topic or alert.topic).id
    log.warning("alert raised", extra={"kind": kind, "key": key, "sentence": sentence})
    return True


def acknowledge(session: Session, alert: Alert, *, actor: str, now: datetime) -> int:
    """Take the alert off the first page, and those before it of its topic; returns how many."""
    seen = session.scalars(
        update(Alert)
        .where(Alert.topic == alert.topic, Alert.id <= alert.id, Alert.seen_at.is_(None))
        .values(seen_at=now, seen_by=actor)
        .returning(Alert.id),
        execution_options={"synchronize_session": False},
    ).all()
    if seen:
        log.info("alerts seen", extra={"topic": alert.topic, "count": len(seen), "actor": actor})
    return len(seen)


def installation_recipients() -> list[str]:
    """The addresses that are told of everything."""
    return [one.strip() for one in settings().alert_mail.split(",") if one.strip()]


def _gathering_mail(session: Session, alert: Alert, people: set[str], topic: str) -> AlertMail:
    """Return the mail of the topic that is not sent yet, locked, so that it waits for us.

    One statement decides: it begins the mail or locks the one there is. A sender that took this
    one first has ended its gathering, so another begins.
    """
    row = {"topic": topic, "recipients": [], "state": AlertMailState.GATHERING}
    mail = insert_or_lock(session, AlertMail, row, key="topic", where=GATHERING)
    if mail.next_try_at is None:
        mail.next_try_at = _first_try(session, alert, topic)
    mail.recipients = sorted({*mail.recipients, *people})
    return mail


def _first_try(session: Session, alert: Alert, topic: str) -> datetime:
    """Return when a mail that begins now is sent: after a wait, and a pause since the last."""
    last, now = session.execute(
        select(func.max(AlertMail.first_tried_at), db_now()).where(AlertMail.topic == topic)
    ).one()
    silent = alert.kind is AlertKind.SCHEDULER_SILENT
    wait = timedelta() if silent else timedelta(seconds=GATHER_TICKS * settings().tick_seconds)
    earliest: datetime = now + wait
    return earliest if last is None else max(earliest, last + PAUSES.get(alert.kind, PAUSE))
