"""Schedules that became unreadable: off, with the reason on the instant that nobody could fire."""

from collections.abc import Sequence
from logging import getLogger

from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.alerts import raise_alert
from tasks.errors import mark
from tasks.models import AlertKind, Run, Schedule, TaskDefinition
from tasks.scheduling.due import Verdict, gone

log = getLogger(__name__)

SWITCHED_OFF = mark(
    "The schedule “{schedule}” of “{title}” was switched off, since nobody can say when it is due: "
    "{why} Correct that, then switch it on again."
)


def switch_off(
    session: Session, schedule: Schedule, task: TaskDefinition, *, why: str
) -> Sequence[Verdict]:
    """Switch off a schedule that cannot be read and tell its people; returns what to write."""
    schedule.enabled = False
    log.error("schedule switched off", extra={"schedule_id": schedule.id, "why": why})
    raise_alert(
        session,
        AlertKind.SCHEDULE_OFF,
        key=f"{schedule.id}:{schedule.next_scheduled_for or schedule.next_due_at}",
        template=SWITCHED_OFF,
        values={"schedule": schedule.name, "title": task.title, "why": why},
        task_id=task.id,
        recipients=task.alert_recipients,
    )
    return gone(schedule, code="invalid", reason=why)


def why_switched_off(session: Session, schedule: Schedule) -> str | None:
    """Return why the scheduler switched it off; None where it is on or a person did."""
    if schedule.enabled:
        return None
    newest = select(Run).where(Run.schedule_id == schedule.id).order_by(Run.scheduled_for.desc())
    row = session.scalars(newest.limit(1)).one_or_none()
    if row is None or row.reason_code != "invalid":
        return None
    decided_since = schedule.counts_from is not None and schedule.counts_from > row.queued_at
    return None if decided_since else row.reason
