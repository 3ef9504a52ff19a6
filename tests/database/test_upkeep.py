"""What is looked after from day to day: the coming holidays of each calendar with a country."""

from datetime import timedelta

from sqlalchemy import delete

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.models import CalendarDay, OnHoliday, Schedule
from tasks.scheduling.upkeep import keep_calendars_ahead
from tests.database.calendars import a_calendar
from tests.support.factories import a_schedule, a_task


def test_one_schedule_that_cannot_be_read_holds_up_no_calendar(database: str) -> None:
    calendars = [a_calendar(), a_calendar(slug="germany", title="Germany", country="DE")]
    with transaction() as session:
        session.execute(delete(CalendarDay))
    task, due = a_task(), utcnow() + timedelta(days=400)
    follows = {"calendar_id": calendars[0].id, "on_holiday": OnHoliday.SKIP, "next_due_at": due}
    a_schedule(task, cron="not cron", **follows)
    readable = a_schedule(task, cron="0 9 * * *", **follows)
    assert keep_calendars_ahead() == 2
    with reading() as session:
        counted = session.get_one(Schedule, readable.id).next_due_at
    assert counted is not None
    assert counted < utcnow() + timedelta(days=10)
