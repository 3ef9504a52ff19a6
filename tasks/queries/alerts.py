"""Alerts for the screen: what nobody has seen yet, together what is about the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tasks.models import Alert, AlertKind, Run, RunState
from tasks.queries.run_filter import RunFilter

SHOWN_FOR = timedelta(days=7)
MOST = 20


@dataclass(frozen=True, slots=True)
class AlertLine:
    """The newest alert about a task and a kind, and how many of them nobody has seen."""

    alert: Alert
    count: int

    @property
    def runs(self) -> RunFilter:
        """The list of runs that has those it is about."""
        skipped = RunState.SKIPPED if self.alert.kind is AlertKind.LATE_START else None
        return RunFilter(task=self.alert.run.task.slug if self.alert.run else "", state=skipped)

    @property
    def mark(self) -> tuple[object, ...]:
        """Changes whenever the line looks different."""
        mail = self.alert.mail
        return self.alert.id, self.count, mail and (mail.state, mail.tries)


def unseen_alerts(session: Session, *, now: datetime) -> Sequence[AlertLine]:
    """Return what nobody has seen of the last week, the newest first, at most `MOST` lines."""
    newest = (
        select(func.max(Alert.id), func.count())
        .where(Alert.seen_at.is_(None), Alert.created_at > now - SHOWN_FOR)
        .group_by(Alert.topic)
        .order_by(func.max(Alert.id).desc())
        .limit(MOST)
    )
    counts = {alert_id: count for alert_id, count in session.execute(newest)}  # noqa: C416 (typed)
    if not counts:
        return []
    alerts = session.scalars(
        select(Alert)
        .where(Alert.id.in_(counts))
        .options(joinedload(Alert.mail), joinedload(Alert.run).joinedload(Run.task))
        .order_by(Alert.id.desc())
    )
    return [AlertLine(alert, counts[alert.id]) for alert in alerts]
