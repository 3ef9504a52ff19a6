"""The mails that tell alerts: one at a time sends each, with all that was gathered for it.

A mail whose sender died is sent again, though it may have arrived: better told twice than never.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from logging import getLogger

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from tasks.alert_letter import MOST_TOLD, Told, letter
from tasks.channels.email import TIMEOUT_SECONDS, post, writing
from tasks.channels.errors import Refused, Uncertain, Unreachable
from tasks.db import db_now, reading, transaction
from tasks.deliveries.ending import LONGEST_ERROR
from tasks.errors import mark
from tasks.forking import waiting_outside
from tasks.jobs.context import storable
from tasks.lowered import lowered
from tasks.models import Alert, AlertKind, AlertMail, AlertMailState, Run, User

log = getLogger(__name__)

MAX_TRIES = 6
FIRST_WAIT = timedelta(seconds=30)
AT_ONCE = 20
OTHER_ANSWERS = 12
"""Most answers of a mail server beside one a recipient: greeting, TLS, login, letter, good-bye."""
LANGUAGES = 2
"""Each is a letter of its own."""
Failure = Refused | Unreachable | Uncertain
NEVER_SAID = mark("Its last sender never said how it ended, so nobody knows whether it arrived.")

_DUE = (
    AlertMail.state.in_((AlertMailState.GATHERING, AlertMailState.QUEUED, AlertMailState.SENDING)),
    or_(AlertMail.next_try_at.is_(None), AlertMail.next_try_at <= db_now()),
)
"""What waits to be sent, and what a sender that died has left."""
NO_SYNC = {"synchronize_session": False}


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
    failed: dict[str, Failure] = {}
    for language, people in told.groups().items():
        failed |= _post(told, people, language)
    if len(failed) < len(told.mail.recipients):
        return _sent(told.mail, failed)
    later = next((why for why in failed.values() if isinstance(why, Unreachable)), None)
    if later is not None:
        return _try_again(told.mail, later)
    error = next(iter(failed.values())).message
    return _end(told.mail, AlertMailState.FAILED, error=error)


def _post(told: Told, people: list[str], language: str) -> dict[str, Failure]:
    """Send it to those who read one language; returns who did not get it, and why."""
    try:
        with writing():
            message = letter(told, people, language)
        with waiting_outside():
            return dict(post(message, people))
    except (Unreachable, Refused, Uncertain) as error:
        return dict.fromkeys(people, error)


def _sent(mail: AlertMail, refused: Mapping[str, Failure]) -> AlertMailState | None:
    """Record who got the letter; whom the server takes later gets it later, and alone."""
    later = [who for who, error in refused.items() if isinstance(error, Unreachable)]
    if later and mail.tries < MAX_TRIES:
        return _try_again(mail, refused[later[0]], recipients=later)
    told = [who for who in mail.recipients if who not in refused]
    error = " ".join(f"{who} did not get it: {why.message}" for who, why in refused.items())
    sent = {"recipients": told, "sent_at": db_now()}
    return _end(mail, AlertMailState.SENT, error=error or None, **sent)


def _try_again(mail: AlertMail, error: Failure, **values: object) -> AlertMailState | None:
    if mail.tries >= MAX_TRIES:
        return _end(mail, AlertMailState.FAILED, error=error.message)
    wait = FIRST_WAIT * 2 ** (mail.tries - 1)
    again = {"next_try_at": db_now(wait)} | values
    return _end(mail, AlertMailState.QUEUED, error=error.message, **again)


def _claim(mail_id: int) -> Told | None:
    """Take the mail, so that it gathers no more; None where there is nothing to send."""
    with transaction() as session:
        mail = session.scalars(
            update(AlertMail)
            .where(AlertMail.id == mail_id, *_DUE, AlertMail.tries < MAX_TRIES)
            .values(
                state=AlertMailState.SENDING,
                tries=AlertMail.tries + 1,
                first_tried_at=func.coalesce(AlertMail.first_tried_at, db_now()),
            )
            .returning(AlertMail),
            execution_options=NO_SYNC,
        ).one_or_none()
        if mail is None:
            _give_up(session, mail_id)
            return None
        mail.next_try_at = db_now(_lease(mail))
        return _told_by(session, mail)


def _lease(mail: AlertMail) -> timedelta:
    """Return how long a sender has it: no shorter than its slowest talk with a mail server."""
    return timedelta(seconds=TIMEOUT_SECONDS) * (len(mail.recipients) + OTHER_ANSWERS * LANGUAGES)


def _give_up(session: Session, mail_id: int) -> None:
    """End the mail if it was tried for the last time, and that sender's time is over."""
    given_up = session.scalar(
        update(AlertMail)
        .where(AlertMail.id == mail_id, *_DUE, AlertMail.tries >= MAX_TRIES)
        .values(state=AlertMailState.FAILED, error=NEVER_SAID, next_try_at=None)
        .returning(AlertMail.id),
        execution_options=NO_SYNC,
    )
    if given_up:
        log.warning("alert mail given up", extra={"alert_mail_id": mail_id})


def _told_by(session: Session, mail: AlertMail) -> Told | None:
    """Return what the mail tells; one whose alerts went with their runs is deleted."""
    mine = Alert.mail_id == mail.id
    first = session.scalars(
        select(Alert)
        .where(mine)
        .options(joinedload(Alert.run).joinedload(Run.task))
        .order_by(Alert.kind == AlertKind.TASK_RECOVERED, Alert.id)
        .limit(MOST_TOLD)
    ).all()
    if not first:
        session.execute(delete(AlertMail).where(AlertMail.id == mail.id))
        return None
    counts = session.execute(select(Alert.kind, func.count()).where(mine).group_by(Alert.kind))
    return Told(mail, first, dict(counts.all()), _languages(session, mail.recipients))


def _languages(session: Session, recipients: Sequence[str]) -> dict[str, str]:
    """Return which language a recipient has chosen who may log in here."""
    known = lowered(User.email).in_([one.lower() for one in recipients])
    chosen = session.execute(
        select(lowered(User.email), User.language).where(known, User.language.is_not(None))
    )
    return {address: language for address, language in chosen if language}


def _end(
    mail: AlertMail, state: AlertMailState, *, error: str | None, **values: object
) -> AlertMailState | None:
    """Write down how it ended; None where another sender has it by now."""
    kept = storable(error)[:LONGEST_ERROR] if error else None
    with transaction() as session:
        ended = session.scalar(
            update(AlertMail)
            .where(
                AlertMail.id == mail.id,
                AlertMail.state == AlertMailState.SENDING,
                AlertMail.tries == mail.tries,
            )
            .values({"state": state, "error": kept, "next_try_at": None} | values)
            .returning(AlertMail.id),
            execution_options=NO_SYNC,
        )
    if ended is None:
        return None
    log.info("alert mail ended", extra={"alert_mail_id": mail.id, "state": state})
    return state
