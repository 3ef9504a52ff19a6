"""What becomes of due instants: missed ones, paused ones, holidays, overlaps and deadlines."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tasks.db import reading, transaction
from tasks.errors import Conflict, Invalid
from tasks.models import (
    FOREVER,
    Alert,
    Calendar,
    CalendarDay,
    CatchUp,
    DayKind,
    DayOrigin,
    OnHoliday,
    Overlap,
    Run,
    RunState,
    Schedule,
    ScheduleKind,
    ScheduleOrigin,
)
from tasks.runs.deadlines import pass_deadlines
from tasks.scheduling import due
from tasks.scheduling.edit import change_schedule, create_schedule, pause, recount, resume
from tasks.scheduling.tick import fire_due
from tests.support.factories import a_run, a_schedule, a_task

NINE = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)  # a Monday
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
RUN, MISSED = "queued", "missed"


def ledger() -> list[str]:
    """Return what became of each instant, in order: `queued`, or the code of why it was skipped."""
    with reading() as session:
        rows = session.scalars(
            select(Run).where(Run.schedule_id.is_not(None)).order_by(Run.scheduled_for)
        )
        return [run.reason_code or run.state for run in rows]


def row(schedule: Schedule) -> Schedule:
    with reading() as session:
        return session.get_one(Schedule, schedule.id)


def fire_after_outage(minutes: int, **values: Any) -> list[str]:
    a_schedule(a_task(), next_due_at=NINE, **values)
    now = NINE + minutes * MINUTE
    fire_due(now=now, resumed_at=now)
    return ledger()


def test_after_an_outage_all_is_skipped_where_nothing_is_to_be_caught_up(database: str) -> None:
    assert fire_after_outage(4, catch_up=CatchUp.SKIP) == [MISSED] * 5


def test_after_an_outage_the_last_is_run(database: str) -> None:
    assert fire_after_outage(4, catch_up=CatchUp.LAST) == [MISSED] * 4 + [RUN]


def test_after_an_outage_all_are_run_where_all_are_to_be_caught_up(database: str) -> None:
    assert fire_after_outage(4, catch_up=CatchUp.ALL) == [RUN] * 5


def test_only_what_lies_in_the_window_is_caught_up(database: str) -> None:
    found = fire_after_outage(4, catch_up=CatchUp.ALL, catch_up_window_seconds=120)
    assert found == [MISSED] * 2 + [RUN] * 3


def test_what_was_due_after_the_outage_is_run_whatever_the_rule(database: str) -> None:
    a_schedule(a_task(), next_due_at=NINE, catch_up=CatchUp.SKIP)
    fire_due(now=NINE + 3 * MINUTE, resumed_at=NINE + MINUTE)
    assert ledger() == [MISSED, MISSED, RUN, RUN]


def test_the_missed_days_of_a_daily_report_are_a_row_each(database: str) -> None:
    a_schedule(a_task(), next_due_at=NINE, cron="0 9 * * *")
    now = NINE + 150 * DAY
    fire_due(now=now, resumed_at=now)
    assert ledger() == [MISSED] * 150 + [RUN]


def test_a_year_of_seconds_is_worked_off_in_folded_rows(database: str) -> None:
    a_schedule(
        a_task(),
        next_due_at=NINE,
        kind=ScheduleKind.INTERVAL,
        interval_seconds=1,
        starts_at=NINE,
        cron=None,
    )
    now = NINE + timedelta(seconds=250_000)
    while fire_due(now=now, resumed_at=now):
        pass
    with reading() as session:
        rows = session.scalars(select(Run).order_by(Run.scheduled_for)).all()
    assert sum(run.instants for run in rows) == 250_001
    assert len(rows) <= 6
    assert rows[-1].scheduled_for == now


def test_a_paused_schedule_writes_its_instants_down_and_goes_on_after_the_pause(
    database: str,
) -> None:
    schedule = a_schedule(a_task(), next_due_at=NINE)
    with transaction() as session:
        pause(session, session.get_one(Schedule, schedule.id), until=NINE + 2 * MINUTE, now=NINE)
    fire_due(now=NINE + 2 * MINUTE)
    assert ledger() == ["paused", "paused", RUN]


def test_a_schedule_paused_without_an_end_waits_for_its_resumption(database: str) -> None:
    schedule = a_schedule(a_task(), next_due_at=NINE)
    with transaction() as session:
        pause(session, session.get_one(Schedule, schedule.id), until=None, now=NINE)
    assert row(schedule).paused_until == FOREVER
    fire_due(now=NINE + MINUTE)
    with transaction() as session:
        resume(session, session.get_one(Schedule, schedule.id), now=NINE + MINUTE * 2 + MINUTE / 2)
    fire_due(now=NINE + 3 * MINUTE)
    assert ledger() == ["paused", "paused", "paused", RUN]


def test_a_pause_ends_in_the_future(database: str) -> None:
    schedule = a_schedule(a_task())
    with pytest.raises(Invalid), transaction() as session:
        pause(session, session.get_one(Schedule, schedule.id), until=NINE, now=NINE)


def test_a_schedule_comes_to_its_end(database: str) -> None:
    schedule = a_schedule(a_task(), next_due_at=NINE, ends_at=NINE + MINUTE)
    fire_due(now=NINE + 5 * MINUTE)
    assert ledger() == [RUN, RUN]
    assert row(schedule).next_due_at is None


def a_calendar() -> int:
    with transaction() as session:
        calendar = Calendar(slug="tr", title="Türkiye")
        session.add(calendar)
        session.flush()
        session.add(
            CalendarDay(
                calendar_id=calendar.id,
                day=date(2026, 3, 20),
                kind=DayKind.HOLIDAY,
                name="Ramazan Bayramı",
                origin=DayOrigin.OWN,
            )
        )
        return calendar.id


def test_a_holiday_is_written_down_and_nothing_runs(database: str) -> None:
    friday = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
    a_schedule(
        a_task(),
        cron="0 9 * * *",
        next_due_at=friday,
        calendar_id=a_calendar(),
        on_holiday=OnHoliday.SKIP,
    )
    fire_due(now=friday + 3 * DAY)
    assert ledger() == ["holiday", "holiday", "holiday", RUN]
    with reading() as session:
        reason = session.scalars(select(Run.reason).order_by(Run.scheduled_for)).first()
    assert reason == "2026-03-20 (Ramazan Bayramı) is no working day; nothing runs"


def test_two_instants_that_move_onto_the_same_day_run_once_and_the_ledger_says_so(
    database: str,
) -> None:
    saturday = datetime(2026, 3, 21, 9, 0, tzinfo=UTC)
    monday = saturday + 2 * DAY
    with transaction() as session:
        task = session.merge(a_task())
        schedule = create_schedule(
            session,
            task,
            now=saturday - DAY / 2,
            name="On the 21st and the 22nd",
            kind=ScheduleKind.CRON,
            cron="0 9 21,22 * *",
            timezone="UTC",
            calendar_id=a_calendar_in(session),
            on_holiday=OnHoliday.NEXT,
        )
    assert (schedule.next_scheduled_for, schedule.next_due_at) == (saturday, monday)
    fire_due(now=saturday + DAY)
    assert ledger() == []
    fire_due(now=monday)
    assert ledger() == [RUN, "holiday_merged"]
    with reading() as session:
        run = session.scalars(select(Run).where(Run.state == RunState.QUEUED)).one()
    assert (run.scheduled_for, run.due_at) == (saturday, monday)


def a_calendar_in(session: Any) -> int:
    calendar = Calendar(slug="plain", title="Plain")
    session.add(calendar)
    session.flush()
    return calendar.id


def test_a_schedule_does_not_overlap_its_run_before(database: str) -> None:
    task = a_task(overlap=Overlap.SKIP)
    before = a_run(task, state=RunState.RUNNING)
    a_schedule(task, next_due_at=NINE)
    fire_due(now=NINE + MINUTE)
    assert ledger() == ["overlap", "overlap"]
    with transaction() as session:
        session.get_one(Run, before.id).state = RunState.SUCCEEDED
    fire_due(now=NINE + 3 * MINUTE)
    assert ledger() == ["overlap", "overlap", RUN, "overlap"]


def test_an_instant_past_its_latest_start_is_skipped(database: str) -> None:
    a_schedule(a_task(start_deadline_seconds=90), next_due_at=NINE)
    fire_due(now=NINE)
    assert ledger() == [RUN]
    pass_deadlines(now=NINE)  # by the database's clock the day is long over
    assert ledger() == ["deadline"]
    with reading() as session:
        told = session.scalars(select(Alert.sentence)).all()
    assert len(told) == 1
    assert "was to start by 16.03.2026 12:01" in told[0]


def test_a_run_knows_by_when_it_has_to_start_and_to_be_delivered(database: str) -> None:
    a_schedule(a_task(start_deadline_seconds=60, finish_deadline_seconds=600), next_due_at=NINE)
    fire_due(now=NINE)
    with reading() as session:
        run = session.scalars(select(Run)).one()
    assert (run.start_by, run.finish_by) == (NINE + MINUTE, NINE + 10 * MINUTE)


def test_a_schedule_that_cannot_be_read_is_switched_off_and_its_instant_says_why(
    database: str,
) -> None:
    schedule = a_schedule(a_task(), next_due_at=NINE, cron="not cron")
    fire_due(now=NINE)
    assert ledger() == ["invalid"]
    assert row(schedule).enabled is False


def test_a_change_to_an_older_version_is_refused(database: str) -> None:
    task = a_task()
    schedule = a_schedule(task, version=2)
    with pytest.raises(Conflict, match="somebody else"), transaction() as session:
        change_schedule(
            session, session.get_one(Schedule, schedule.id), task, now=NINE, version=1, name="x"
        )


def test_what_the_code_declares_is_changed_there(database: str) -> None:
    task = a_task()
    schedule = a_schedule(task, origin=ScheduleOrigin.CODE, code_key="daily")
    with pytest.raises(Conflict, match="declared in code"), transaction() as session:
        change_schedule(
            session, session.get_one(Schedule, schedule.id), task, now=NINE, version=1, name="x"
        )


def test_once_is_not_in_the_past(database: str) -> None:
    task = a_task()
    with transaction() as session, pytest.raises(Invalid, match="is over"):
        create_schedule(
            session,
            task,
            now=NINE,
            name="Once",
            kind=ScheduleKind.ONCE,
            once_at=NINE - MINUTE,
            timezone="UTC",
        )


def test_a_calendar_that_changes_leaves_what_is_due_already(database: str) -> None:
    schedule = a_schedule(
        a_task(),
        cron="0 9 * * *",
        next_due_at=NINE,
        calendar_id=a_calendar(),
        on_holiday=OnHoliday.SKIP,
    )
    with transaction() as session:
        recount(session, session.get_one(Schedule, schedule.id), now=NINE + 8 * MINUTE)
    assert ledger() == []
    assert row(schedule).next_due_at == NINE


def test_a_calendar_that_changes_keeps_what_it_has_moved_beyond_now(database: str) -> None:
    saturday = datetime(2026, 3, 21, 12, 0, tzinfo=UTC)
    monday = saturday + 2 * DAY
    schedule = a_schedule(
        a_task(),
        cron="0 12 * * 6",
        next_due_at=monday,
        next_scheduled_for=saturday,
        calendar_id=a_calendar(),
        on_holiday=OnHoliday.NEXT,
    )
    with transaction() as session:
        recount(session, session.get_one(Schedule, schedule.id), now=saturday + DAY)
    kept = row(schedule)
    assert (kept.next_scheduled_for, kept.next_due_at) == (saturday, monday)


def test_a_new_time_writes_down_all_that_was_due_and_what_was_moved_beyond_now(
    database: str,
) -> None:
    task = a_task()
    behind = a_schedule(task, next_due_at=NINE)
    with transaction() as session:
        found = session.get_one(Schedule, behind.id)
        later = NINE + 2 * MINUTE
        change_schedule(session, found, task, now=later, version=1, cron="0 12 * * *")
    assert ledger() == ["edited"] * 3
    moved = a_schedule(
        task, cron="0 12 * * 6", next_due_at=NINE + 7 * DAY, next_scheduled_for=NINE + 5 * DAY
    )
    with transaction() as session:
        found = session.get_one(Schedule, moved.id)
        change_schedule(session, found, task, now=NINE + 6 * DAY, version=1, cron="0 12 * * *")
    assert ledger() == ["edited"] * 4


def test_a_schedule_that_cannot_be_read_can_be_mended(database: str) -> None:
    task = a_task()
    broken = a_schedule(task, next_due_at=NINE, cron="not cron")
    with transaction() as session:
        found = session.get_one(Schedule, broken.id)
        change_schedule(session, found, task, now=NINE, version=1, cron="0 12 * * *")
    assert ledger() == ["edited"]


def test_of_a_part_of_a_long_outage_nothing_is_caught_up(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "MOST_INSTANTS", 3)
    a_schedule(a_task(), next_due_at=NINE)
    now = NINE + 7 * MINUTE
    while fire_due(now=now, resumed_at=now):
        pass
    assert ledger() == [MISSED] * 7 + [RUN]


def test_what_could_not_start_in_time_any_more_when_it_was_promised_is_not_told(
    database: str,
) -> None:
    a_schedule(a_task(start_deadline_seconds=60), next_due_at=NINE)
    fire_due(now=NINE + 2 * MINUTE)
    pass_deadlines(now=NINE + 2 * MINUTE)
    assert ledger() == ["deadline"] * 3
    with reading() as session:
        assert len(session.scalars(select(Alert.id)).all()) == 1  # the last one could still start
