"""What a change of a calendar means for the schedules that follow it."""

from datetime import datetime

from sqlalchemy.orm import Session

from tasks.models import Calendar
from tasks.scheduling.calendars import schedules_of
from tasks.scheduling.edit import recount


def recount_followers(session: Session, calendar: Calendar, *, now: datetime) -> None:
    """Count anew, from now, what is due next in each schedule that follows; raises Invalid."""
    for schedule in schedules_of(session, calendar):
        recount(session, schedule, now=now)
