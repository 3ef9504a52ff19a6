"""What the schedules need from time to time."""

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.scheduling.calendars import keep_ahead
from tasks.scheduling.recounting import recount_followers


def keep_calendars_ahead() -> int:
    """Give calendars that run short the coming holidays of their country; returns how many."""
    now = utcnow()
    with transaction() as session:
        changed = keep_ahead(session, now=now)
        for calendar in changed:
            recount_followers(session, calendar, now=now)
    return len(changed)
