"""What the scheduler writes down leaves nothing missing in the ledger, on both databases."""

from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from typing import Any

import pytest

from tasks.db import reading, transaction
from tasks.models import CatchUp, DayKind, OnHoliday, Schedule, ScheduleKind
from tasks.queries.ledger import Standing, ledger
from tasks.scheduling.calendar_cache import load_days
from tasks.scheduling.calendars import create_calendar, set_own_day
from tasks.scheduling.edit import pause, resume, switch
from tasks.scheduling.plan import plan_of
from tasks.scheduling.tick import fire_due
from tests.support.factories import a_task
from tests.support.firing import a_firing_schedule

START = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

SCHEDULES: dict[str, dict[str, Any]] = {
    "every minute": {"cron": "* * * * *"},
    "all caught up": {"cron": "*/15 * * * *", "catch_up": CatchUp.ALL},
    "over the night of the gap": {"cron": "30 * * * *", "timezone": "Europe/Berlin"},
    "twenty seconds": {"kind": ScheduleKind.INTERVAL, "interval_seconds": 20},
    "off on days off": {"cron": "0 */6 * * *", "on_holiday": OnHoliday.SKIP},
    "the day after": {"cron": "0 9,17 * * *", "on_holiday": OnHoliday.NEXT},
    "the day before": {"cron": "0 9,17 * * *", "on_holiday": OnHoliday.PREVIOUS},
    "until the day after": {"cron": "0 * * * *", "ends_at": START + DAY},
}


def a_calendar() -> int:
    """Weekends, and the Wednesday after them."""
    with transaction() as session:
        calendar = create_calendar(session, now=START, slug="own", title="Own")
        set_own_day(session, calendar, date(2026, 4, 1), DayKind.HOLIDAY, "Feast")
    return calendar.id


def a_counted(**values: Any) -> Schedule:
    """A schedule as its making leaves it."""
    row = {"created_at": START, "calendar_id": a_calendar()} | values
    return a_firing_schedule(a_task(), now=START, **row)


def work_off(now: datetime, *, resumed_at: datetime | None = None) -> None:
    while fire_due(now=now, resumed_at=resumed_at):
        pass


def standings(schedule: Schedule, until: datetime, now: datetime) -> tuple[set[Standing], int]:
    """Read the whole ledger, piece by piece: how its lines stand, and for how many instants."""
    found: set[Standing] = set()
    instants, since = 0, START
    while True:
        with reading() as session:
            row = session.get_one(Schedule, schedule.id)
            piece = ledger(session, row, since=since, until=until, now=now)
        found |= {line.standing for line in piece.lines}
        instants += sum(line.instants for line in piece.lines)
        if piece.goes_on_at is None:
            return found, instants
        since = piece.goes_on_at


def meant(schedule: Schedule, until: datetime) -> int:
    """Count what the plan means after its making, before `until`."""
    with reading() as session:
        row = session.get_one(Schedule, schedule.id)
        plan = plan_of(row, load_days(session, row.calendar_id or 0))
    before = takewhile(lambda one: one.scheduled_for.astimezone(UTC) < until, plan.after(START))
    return sum(one.due_at > START for one in before)


@pytest.mark.parametrize("values", SCHEDULES.values(), ids=list(SCHEDULES))
def test_nothing_is_missing_after_days_of_work_and_an_outage(
    database: str, values: dict[str, Any]
) -> None:
    schedule = a_counted(**values)
    for hours in (0.01, 1, 7, 20):
        work_off(START + hours * HOUR)
    back = START + 6 * DAY
    work_off(back, resumed_at=back)
    work_off(back + 2 * HOUR, resumed_at=back)
    now = back + 2 * HOUR
    found, instants = standings(schedule, now, now)
    assert found == {Standing.HAPPENED}
    assert instants == meant(schedule, now)


def test_a_pause_and_its_end_leave_nothing_missing(database: str) -> None:
    schedule = a_counted(cron="0 * * * *")
    with transaction() as session:
        pause(session, session.get_one(Schedule, schedule.id), until=None, now=START)
    work_off(START + 5 * HOUR)
    with transaction() as session:
        resume(session, session.get_one(Schedule, schedule.id), now=START + 5 * HOUR)
    work_off(START + 9 * HOUR)
    found, instants = standings(schedule, START + 10 * HOUR, START + 9 * HOUR)
    assert (found, instants) == ({Standing.HAPPENED}, 9)


def test_what_was_due_when_it_was_switched_off_is_written_down(database: str) -> None:
    schedule = a_counted(cron="0 * * * *")
    work_off(START + 2 * HOUR)
    for hours, enabled in ((3.5, False), (3.7, True)):
        with transaction() as session:
            row = session.get_one(Schedule, schedule.id)
            switch(session, row, enabled=enabled, now=START + hours * HOUR)
    work_off(START + 6 * HOUR)
    found, instants = standings(schedule, START + 7 * HOUR, START + 6 * HOUR)
    assert (found, instants) == ({Standing.HAPPENED}, 6)
