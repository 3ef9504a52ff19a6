"""What the pages of calendars and schedules read, on both databases."""

from datetime import UTC, date, datetime

from tasks.db import reading
from tasks.models import DayKind, DayOrigin, OnHoliday
from tasks.queries.calendars import calendar_choices, calendar_lines, calendar_year
from tasks.queries.next_runs import coming, next_runs
from tests.support.factories import a_schedule, a_task
from tests.web.calendars_support import a_calendar, an_own_day

FRIDAY = date(2026, 3, 20)
NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)


def test_a_line_counts_its_schedules_and_names_the_next_day_off(database: str) -> None:
    calendar = a_calendar()
    a_calendar(slug="another", title="Another")
    an_own_day(calendar, date(2026, 3, 1), name="Gone")
    an_own_day(calendar, date(2026, 3, 18), DayKind.WORKING, name="Worked")
    an_own_day(calendar, date(2026, 3, 19), DayKind.HALF_DAY, name="Worked until noon")
    an_own_day(calendar, FRIDAY, name="Bridge")
    for number in range(2):
        a_schedule(a_task(f"task-{number}"), calendar_id=calendar.id)
    with reading() as session:
        other, ours = calendar_lines(session, today=date(2026, 3, 16))
        assert [title for _, title in calendar_choices(session)] == ["Another", "Ours"]
    assert (other.schedules, other.next_day_off) == (0, None)
    assert (ours.schedules, ours.next_day_off) == (2, (FRIDAY, "Bridge"))


def test_of_two_that_speak_of_a_day_the_own_one_decides(database: str) -> None:
    calendar = a_calendar(country="TR")
    an_own_day(calendar, FRIDAY, DayKind.WORKING, name="Stocktaking")
    with reading() as session:
        year = calendar_year(session, calendar, 2026)
    named = year.named[FRIDAY]
    assert (named.decides.name, named.is_own) == ("Stocktaking", True)
    assert named.instead_of is not None
    assert named.instead_of.origin is DayOrigin.COUNTRY
    assert year.kind_of(FRIDAY) is DayKind.WORKING
    assert year.working.is_working(FRIDAY)


def test_what_runs_next_passes_over_the_days_off(database: str) -> None:
    calendar, task = a_calendar(), a_task()
    an_own_day(calendar, FRIDAY)
    head = {"next_due_at": NOON, "next_scheduled_for": NOON}
    daily = {"cron": "0 12 * * *", **head}
    follows = {"calendar_id": calendar.id, "on_holiday": OnHoliday.SKIP}
    plain = a_schedule(task, **daily)
    skipping = a_schedule(task, **daily, **follows)
    over = a_schedule(task, cron="0 12 * * *", **follows)
    with reading() as session:
        found = next_runs(session, [plain, skipping, over], now=NOON)
        after = coming(session, [skipping], now=NOON, count=2)[skipping.id]
    monday = datetime(2026, 3, 23, 12, tzinfo=UTC)
    assert found == {plain.id: NOON, skipping.id: monday, over.id: None}
    assert [at.day for at in after] == [23, 24]
