"""Alerts for the screen: what was told lately, and to whom."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.models import Alert

SHOWN_FOR = timedelta(hours=24)
MOST = 20


def last_alerts(session: Session, *, now: datetime) -> Sequence[Alert]:
    """Return the alerts of the last day, the newest first, at most `MOST` of them."""
    newest = session.scalars(select(Alert).order_by(Alert.id.desc()).limit(MOST))
    return [alert for alert in newest if alert.created_at > now - SHOWN_FOR]
