"""The mails that tell alerts: each sent once, whoever looks, with all that was gathered for it."""

from collections.abc import Mapping
from datetime import timedelta
from logging import getLogger

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from tasks.alert_letter import MOST_TOLD, Told, letter
from tasks.channels.email import Refused, Uncertain, Unreachable, post, writing
from tasks.db import db_now, reading, transaction
from tasks.forking import waiting_outside
from tasks.models import Alert, AlertMail, AlertMailState, Run

log = getLogger(__name__)

MAX_TRIES = 6
FIRST_WAIT = timedelta(seconds=30)
SENDING_LEASE = timedelta(seconds=120)
AT_ONCE = 20

_DUE = (
    AlertMail.state.in_((AlertMailState.GATHERING, AlertMailState.QUEUED, AlertMailState.SENDING)),
    or_(AlertMail.next_try_at.is_(None), AlertMail.next_try_at <= db_now()),
)
"""What waits to be sent, and what a sender that died has left."""


def send_alerts() -> int:
    """Send the mails that are due; any number of senders may try. Returns how many were sent.

    After one that could not be sent now the others wait for the next round: a mail server that
    hangs would hold up the caller, and what forks, once for each of them.
    """
    with reading() as session:
        waiting = session.scalars(
            select(AlertMail.id).where(*_DUE).order_by(AlertMail.next_try_at).limit(AT_ONCE)
        ).all()
    sent = 0
    for mail_id in waiting:
        state = _send(mail_id)
        sent += state is AlertMailState.SENT
        if state is AlertMailState.QUEUED:
            break
    return sent


def _send(mail_id: int) -> AlertMailState | None:
    """Send one mail; returns its state now, None where another sender has it."""
    told = _claim(mail_id)
    if told is None:
        return None
    mail = told.mail
    try:
        with writing():
            message = letter(told)
        with waiting_outside():
            refused = post(message, mail.recipients)
    except Unreachable as error:
        return _try_again(mail, error)
    except (Refused, Uncertain) as error:
        return _end(mail, AlertMailState.FAILED, error=error.message)
    return _sent(mail, refused)


def _sent(mail: AlertMail, refused: Mapping[str, Refused | Unreachable]) -> AlertMailState:
    """Record who got the letter; whom the server takes later gets it later, and alone."""
    later = [who for who, error in refused.items() if isinstance(error, Unreachable)]
    if later and mail.tries < MAX_TRIES:
        return _try_again(mail, refused[later[0]], recipients=later)
    told = [who for who in mail.recipients if who not in refused]
    error = " ".join(f"{who} did not get it: {why.message}" for who, why in refused.items())
    sent = {"recipients": told, "sent_at": db_now()}
    return _end(mail, AlertMailState.SENT, error=error or None, **sent)


def _try_again(mail: AlertMail, error: Unreachable | Refused, **values: object) -> AlertMailState:
    if mail.tries >= MAX_TRIES:
        return _end(mail, AlertMailState.FAILED, error=error.message)
    wait = FIRST_WAIT * 2 ** (mail.tries - 1)
    again = {"next_try_at": db_now(wait)} | values
    return _end(mail, AlertMailState.QUEUED, error=error.message, **again)


def _claim(mail_id: int) -> Told | None:
    """Take the mail, so that it gathers no more; None where another sender has it."""
    with transaction() as session:
        mail = session.scalars(
            update(AlertMail)
            .where(AlertMail.id == mail_id, *_DUE)
            .values(
                state=AlertMailState.SENDING,
                tries=AlertMail.tries + 1,
                next_try_at=db_now(SENDING_LEASE),
                first_tried_at=func.coalesce(AlertMail.first_tried_at, db_now()),
            )
            .returning(AlertMail),
            execution_options={"synchronize_session": False},
        ).one_or_none()
        return _told_by(session, mail) if mail else None


def _told_by(session: Session, mail: AlertMail) -> Told | None:
    """Return what the mail tells; one whose alerts went with their runs is deleted."""
    mine = Alert.mail_id == mail.id
    first = session.scalars(
        select(Alert)
        .where(mine)
        .options(joinedload(Alert.run).joinedload(Run.task))
        .order_by(Alert.id)
        .limit(MOST_TOLD)
    ).all()
    if not first:
        session.execute(delete(AlertMail).where(AlertMail.id == mail.id))
        return None
    count = session.scalar(select(func.count()).where(mine)) or 0
    return Told(mail, first, count)


def _end(
    mail: AlertMail, state: AlertMailState, *, error: str | None, **values: object
) -> AlertMailState:
    with transaction() as session:
        session.execute(
            update(AlertMail)
            .where(AlertMail.id == mail.id, AlertMail.tries == mail.tries)
            .values({"state": state, "error": error, "next_try_at": None} | values),
            execution_options={"synchronize_session": False},
        )
    log.info("alert mail ended", extra={"alert_mail_id": mail.id, "state": state})
    return state
