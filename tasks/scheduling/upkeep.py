"""What the schedules need from time to time."""

from contextlib import suppress

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.errors import Invalid
from tasks.scheduling.calendars import keep_ahead, schedules_of
from tasks.scheduling.edit import recount


def keep_calendars_ahead() -> int:
    """Give calendars that run short the coming holidays of their country; returns how many."""
    now = utcnow()
    with transaction() as session:
        changed = keep_ahead(session, now=now)
        for schedule in [one for calendar in changed for one in schedules_of(session, calendar)]:
            with suppress(Invalid):  # when it is due it is switched off, and its people are told
                recount(session, schedule, now=now)
    return len(changed)
