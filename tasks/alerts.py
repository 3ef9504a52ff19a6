"""Alerts: what a person has to know, written once by whoever sees it first, and mailed once."""

from collections.abc import Mapping
from datetime import timedelta
from email.message import EmailMessage
from logging import getLogger

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from tasks.channels.email import Refused, Uncertain, Unreachable, plain_letter, post, writing
from tasks.db import db_now, insert_once, reading, transaction
from tasks.forking import waiting_outside
from tasks.models import Alert, AlertKind, AlertState, Run
from tasks.settings import settings

log = getLogger(__name__)

MAX_TRIES = 6
FIRST_WAIT = timedelta(seconds=30)
SENDING_LEASE = timedelta(seconds=120)
AT_ONCE = 20
SUBJECTS = {
    AlertKind.SCHEDULER_SILENT: "The scheduler is silent",
    AlertKind.LATE_START: "A report did not start in time",
    AlertKind.LATE_FINISH: "A report is late",
    AlertKind.SCHEDULE_OFF: "A schedule was switched off",
    AlertKind.SCHEDULE_STUCK: "A schedule cannot be fired",
}

_DUE = (
    Alert.state.in_((AlertState.QUEUED, AlertState.SENDING)),
    or_(Alert.next_try_at.is_(None), Alert.next_try_at <= db_now()),
)
"""What waits to be sent, and what a sender that died has left."""


def raise_alert(
    session: Session,
    kind: AlertKind,
    *,
    key: str,
    sentence: str,
    run: Run | None = None,
    recipients: list[str] | None = None,
) -> bool:
    """Write an alert, unless it stands there already; returns whether it was new.

    It goes to the given addresses and to those of the installation.
    """
    people = sorted({*(recipients or []), *installation_recipients()})
    row = {
        "key": f"{kind}:{key}",
        "kind": kind,
        "run_id": run.id if run else None,
        "sentence": sentence,
        "recipients": people,
        "state": AlertState.QUEUED if people else AlertState.SHOWN,
    }
    if insert_once(session, Alert, row) is None:
        return False
    log.warning("alert raised", extra={"kind": kind, "key": key, "sentence": sentence})
    return True


def installation_recipients() -> list[str]:
    """The addresses that are told of everything."""
    return [one.strip() for one in settings().alert_mail.split(",") if one.strip()]


def send_alerts() -> int:
    """Send what waits to be sent; any number of senders may try. Returns how many were sent.

    After one that could not be sent now the others wait for the next round: a mail server that
    hangs would hold up the caller, and what forks, once for each of them.
    """
    with reading() as session:
        waiting = session.scalars(
            select(Alert.id).where(*_DUE).order_by(Alert.id).limit(AT_ONCE)
        ).all()
    sent = 0
    for alert_id in waiting:
        state = _send(alert_id)
        sent += state is AlertState.SENT
        if state is AlertState.QUEUED:
            break
    return sent


def _send(alert_id: int) -> AlertState | None:
    """Send one alert; returns its state now, None where another sender has it."""
    alert = _claim(alert_id)
    if alert is None:
        return None
    try:
        with writing():
            letter = _letter(alert)
        with waiting_outside():
            refused = post(letter, alert.recipients)
    except Unreachable as error:
        return _try_again(alert, error)
    except (Refused, Uncertain) as error:
        return _end(alert, AlertState.FAILED, error=error.message)
    return _sent(alert, refused)


def _sent(alert: Alert, refused: Mapping[str, Refused | Unreachable]) -> AlertState:
    """Record who got the letter; whom the server takes later gets it later, and alone."""
    later = [who for who, error in refused.items() if isinstance(error, Unreachable)]
    if later and alert.tries < MAX_TRIES:
        return _try_again(alert, refused[later[0]], recipients=later)
    told = [who for who in alert.recipients if who not in refused]
    error = " ".join(f"{who} did not get it: {why.message}" for who, why in refused.items())
    return _end(alert, AlertState.SENT, error=error or None, recipients=told, sent_at=db_now())


def _try_again(alert: Alert, error: Unreachable | Refused, **values: object) -> AlertState:
    if alert.tries >= MAX_TRIES:
        return _end(alert, AlertState.FAILED, error=error.message)
    wait = FIRST_WAIT * 2 ** (alert.tries - 1)
    again = {"next_try_at": db_now(wait)} | values
    return _end(alert, AlertState.QUEUED, error=error.message, **again)


def _claim(alert_id: int) -> Alert | None:
    with transaction() as session:
        return session.scalars(
            update(Alert)
            .where(Alert.id == alert_id, *_DUE)
            .values(
                state=AlertState.SENDING,
                tries=Alert.tries + 1,
                next_try_at=db_now(SENDING_LEASE),
            )
            .returning(Alert),
            execution_options={"synchronize_session": False},
        ).one_or_none()


def _end(alert: Alert, state: AlertState, *, error: str | None, **values: object) -> AlertState:
    with transaction() as session:
        session.execute(
            update(Alert)
            .where(Alert.id == alert.id, Alert.tries == alert.tries)
            .values({"state": state, "error": error, "next_try_at": None} | values),
            execution_options={"synchronize_session": False},
        )
    log.info("alert ended", extra={"alert_id": alert.id, "state": state})
    return state


def _letter(alert: Alert) -> EmailMessage:
    where = f"{settings().web_url}/runs/{alert.run_id}" if alert.run_id else settings().web_url
    return plain_letter(
        alert.recipients,
        subject=SUBJECTS[alert.kind],
        text=f"{alert.sentence}\n\n{where}\n",
        message_id=f"<alert-{alert.id}@task-orchestrator>",
    )
