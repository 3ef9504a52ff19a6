"""Rows whose time is over and that belong to no run."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, select

from tasks.db import transaction
from tasks.models import Alert, AlertMail, AlertMailState, Base, WebSession
from tasks.retention import batches
from tasks.retention.batches import NO_SYNC

MAILED = (AlertMailState.SENT, AlertMailState.FAILED)


def delete_sessions(*, now: datetime) -> Iterator[int]:
    """Delete the sessions of browsers that are over; yields how many, batch by batch."""
    return _delete_rows(WebSession, WebSession.expires_at <= now)


def delete_alerts(*, before: datetime) -> Iterator[int]:
    """Delete the alerts of before that are about no run; yields how many, batch by batch.

    Those about a run go with it; one that is still to be mailed stays.
    """
    unsent = exists().where(AlertMail.id == Alert.mail_id, AlertMail.state.not_in(MAILED))
    return _delete_rows(Alert, Alert.run_id.is_(None), Alert.created_at < before, ~unsent)


def delete_alert_mails(*, before: datetime) -> Iterator[int]:
    """Delete the mails of before whose alerts are gone; yields how many, batch by batch."""
    told = exists().where(Alert.mail_id == AlertMail.id)
    over = AlertMail.state.in_(MAILED)
    return _delete_rows(AlertMail, over, AlertMail.created_at < before, ~told)


def _delete_rows(model: type[Base], *which: ColumnElement[bool]) -> Iterator[int]:
    """Delete such rows, the oldest first; yields how many, batch by batch."""
    after = 0
    while True:
        some = (
            select(model.id).where(model.id > after, *which).order_by(model.id).limit(batches.BATCH)
        )
        with transaction() as session:
            gone = session.scalars(
                delete(model).where(model.id.in_(some)).returning(model.id),
                execution_options=NO_SYNC,
            ).all()
        if not gone:
            return
        after = max(gone)
        yield len(gone)
