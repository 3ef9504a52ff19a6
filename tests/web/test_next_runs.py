"""When schedules run next, on both databases: what comes to nothing is passed over."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from tasks.db import engine, reading
from tasks.models import FOREVER, OnHoliday, Schedule, ScheduleOrigin, TaskDefinition
from tasks.queries.first_runs import PORTION, first_run_of_tasks, first_runs
from tasks.queries.next_runs import coming, next_runs
from tests.support.factories import a_schedule, a_task
from tests.web.calendars_support import a_calendar, an_own_day

THURSDAY = datetime(2026, 3, 19, 12, tzinfo=UTC)
FRIDAY, SATURDAY, SUNDAY, MONDAY = (THURSDAY + timedelta(days=days) for days in range(1, 5))
HOUR = timedelta(hours=1)


def a_daily(task: TaskDefinition, due_at: datetime | None = FRIDAY, **values: Any) -> Schedule:
    """A schedule for noon of each day in UTC."""
    head = {"next_due_at": due_at, "next_scheduled_for": due_at}
    return a_schedule(task, **({"cron": "0 12 * * *"} | head | values))


def skipping_weekends() -> dict[str, Any]:
    """What makes a schedule skip the weekend."""
    return {"calendar_id": a_calendar().id, "on_holiday": OnHoliday.SKIP}


def next_of(*schedules: Schedule, now: datetime = THURSDAY) -> list[datetime | None]:
    with reading() as session:
        found = next_runs(session, schedules, now=now)
    return [found[one.id] for one in schedules]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, FRIDAY),
        ({"next_due_at": None, "next_scheduled_for": None}, None),
        ({"paused_until": THURSDAY}, FRIDAY),
        ({"paused_until": FRIDAY}, FRIDAY),
        ({"paused_until": FRIDAY + HOUR}, SATURDAY),
        ({"paused_until": FOREVER}, None),
        ({"paused_until": FRIDAY + HOUR, "ends_at": SATURDAY - HOUR}, None),
        ({"paused_until": FRIDAY + 1_000 * 24 * HOUR + HOUR}, FRIDAY + 1_001 * 24 * HOUR),
    ],
)
def test_a_pause_and_an_end_are_passed_over(
    database: str, values: dict[str, Any], expected: datetime | None
) -> None:
    assert next_of(a_daily(a_task(), **values)) == [expected]


@pytest.mark.parametrize(
    ("rule", "paused_until", "expected"),
    [
        (OnHoliday.RUN, None, FRIDAY),
        (OnHoliday.SKIP, None, MONDAY),
        (OnHoliday.PREVIOUS, None, MONDAY),
        (OnHoliday.NEXT, None, MONDAY),
        (OnHoliday.NEXT, SUNDAY, MONDAY),
        (OnHoliday.RUN, SUNDAY, SUNDAY),
    ],
)
def test_a_day_off_is_passed_over_as_the_schedule_says(
    database: str, rule: OnHoliday, paused_until: datetime | None, expected: datetime
) -> None:
    calendar = a_calendar()
    an_own_day(calendar, FRIDAY.date())
    follows: dict[str, Any] = {
        "calendar_id": calendar.id,
        "on_holiday": rule,
        "paused_until": paused_until,
    }
    assert next_of(a_daily(a_task(), **follows)) == [expected]


def test_what_a_day_off_moves_beyond_the_end_of_a_pause_runs(database: str) -> None:
    follows: dict[str, Any] = {"calendar_id": a_calendar().id, "on_holiday": OnHoliday.NEXT}
    saturdays = a_daily(a_task(), MONDAY, cron="0 12 * * 6", next_scheduled_for=SATURDAY,
                        paused_until=SUNDAY, **follows)  # fmt: skip
    assert next_of(saturdays, now=SATURDAY + HOUR) == [MONDAY]


def test_what_is_overdue_is_what_comes_next(database: str) -> None:
    follows: dict[str, Any] = {"calendar_id": a_calendar().id, "on_holiday": OnHoliday.SKIP}
    task = a_task()
    schedules = a_daily(task), a_daily(task, **follows)
    assert next_of(*schedules, now=MONDAY) == [FRIDAY, FRIDAY]


def test_a_schedule_that_cannot_be_read_stands_in_nobodys_way(database: str) -> None:
    task = a_task()
    broken = a_daily(task, timezone="Nowhere/Land", paused_until=SATURDAY)
    assert next_of(broken, a_daily(task)) == [None, FRIDAY]


def test_the_days_are_asked_once_however_many_schedules_follow(database: str) -> None:
    task, now = a_task(), THURSDAY
    ids = [a_calendar(slug=f"calendar-{number}").id for number in range(3)]
    with reading() as session:  # the first time, the days of each calendar are read
        schedules = [a_daily(task, calendar_id=one, on_holiday=OnHoliday.SKIP) for one in 4 * ids]
        next_runs(session, schedules, now=now)
        said: list[str] = []
        event.listen(engine(), "before_cursor_execute", lambda *args: said.append(args[2]))
        next_runs(session, schedules, now=now)
        coming(session, schedules, now=now, count=3)
    assert len(said) == 2


def first(count: int = 10) -> list[tuple[str, datetime]]:
    with reading() as session:
        found = first_runs(session, now=THURSDAY, since=THURSDAY, count=count)
        return [(one.schedule.name, one.at) for one in found]


def test_the_first_runs_stand_in_the_order_in_which_they_run(database: str) -> None:
    task, follows = a_task(), skipping_weekends()
    a_daily(task, SATURDAY, name="Working days", **follows)
    a_daily(task, SUNDAY, name="Each day")
    a_daily(task, FRIDAY, name="Paused", paused_until=SUNDAY - HOUR)
    a_daily(task, FRIDAY, name="Asleep", paused_until=FOREVER)
    a_daily(task, FRIDAY, name="Off", enabled=False)
    a_daily(a_task("off", is_active=False), FRIDAY, name="Of a task that is off")
    code = {"origin": ScheduleOrigin.CODE, "code_key": "fridays"}
    a_daily(task, SATURDAY, name="In code", **code, **follows)
    assert first() == [
        ("Each day", SUNDAY), ("Paused", SUNDAY), ("Working days", MONDAY), ("In code", MONDAY),
    ]  # fmt: skip
    assert first(2) == [("Each day", SUNDAY), ("Paused", SUNDAY)]


def test_many_that_pass_over_the_weekend_do_not_hide_what_runs_in_it(database: str) -> None:
    task, follows = a_task(), skipping_weekends()
    for number in range(PORTION + 5):
        a_daily(task, SATURDAY, name=f"Working days {number}", **follows)
    a_daily(task, SUNDAY, name="Each day")
    assert first(1) == [("Each day", SUNDAY)]


def test_of_a_task_the_schedule_that_runs_first_counts(database: str) -> None:
    calendar = a_calendar()
    an_own_day(calendar, date(2026, 3, 20))
    follows: dict[str, Any] = {"calendar_id": calendar.id, "on_holiday": OnHoliday.SKIP}
    task, paused, off = a_task(), a_task("paused"), a_task("off", is_active=False)
    a_daily(task, **follows)
    a_daily(task, SUNDAY)
    a_daily(paused, paused_until=FOREVER)
    a_daily(off)
    with reading() as session:
        found = first_run_of_tasks(session, [task.id, paused.id, off.id], now=THURSDAY)
    assert found == {task.id: SUNDAY}
