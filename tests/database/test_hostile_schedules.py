"""One schedule that cannot be fired or read: the others go on, and people are told."""

import logging
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError

from tasks.alert_mails import send_alerts
from tasks.db import engine, reading, transaction
from tasks.errors import Invalid
from tasks.models import (
    Alert,
    AlertKind,
    AlertMail,
    Calendar,
    CalendarDay,
    DayKind,
    DayOrigin,
    OnHoliday,
    Run,
    Schedule,
    TaskDefinition,
)
from tasks.scheduling import stepping_over, tick
from tasks.scheduling.calendars import remove_own_day
from tasks.scheduling.edit import change_schedule, recount, switch
from tasks.scheduling.stepping_over import SteppedOver
from tasks.scheduling.switched_off import why_switched_off
from tasks.scheduling.tick import fire_due
from tasks.settings import settings
from tests.support.factories import a_schedule, a_task
from tests.support.mail import smtp_server

NINE = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)  # a Monday
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

NO_ROW_FOR_THE_BAD = {
    "sqlite": """
        CREATE TRIGGER refuse BEFORE INSERT ON run WHEN NEW.triggered_by = 'Bad'
        BEGIN SELECT RAISE(ABORT, 'refused'); END
    """,
    "postgresql": """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION USING ERRCODE = '22003', MESSAGE = 'refused'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON run
        FOR EACH ROW WHEN (NEW.triggered_by = 'Bad') EXECUTE FUNCTION refuse()
    """,
}


def unreadable_kind(_: Schedule) -> None:
    execute("UPDATE schedule SET kind = 'lunar' WHERE name = 'Bad'")


def refused_by_the_database(_: Schedule) -> None:
    execute(NO_ROW_FOR_THE_BAD[engine().dialect.name])


def execute(statement: str) -> None:
    with engine().begin() as connection:
        connection.execute(text(statement))


def a_bad(**values: Any) -> Schedule:
    task = a_task("bad", title="Bad report", alert_recipients=["author@example.com"])
    return a_schedule(task, **({"name": "Bad", "next_due_at": NINE} | values))


def fired() -> list[int | None]:
    with reading() as session:
        return sorted(session.scalars(select(Run.schedule_id)).all(), key=str)


def alerts() -> list[tuple[AlertKind, str]]:
    with reading() as session:
        found = session.execute(select(Alert.kind, Alert.sentence).order_by(Alert.id))
        return [(row.kind, row.sentence) for row in found]


def kept(schedule: Schedule) -> Schedule:
    with reading() as session:
        return session.get_one(Schedule, schedule.id)


def due_of(schedule: Schedule) -> datetime | None:
    with reading() as session:
        return session.scalar(select(Schedule.next_due_at).where(Schedule.id == schedule.id))


@pytest.mark.parametrize("spoil", [unreadable_kind, refused_by_the_database])
def test_one_schedule_that_cannot_be_fired_holds_up_no_other(
    database: str, spoil: Any, caplog: pytest.LogCaptureFixture
) -> None:
    bad = a_bad()
    good = [a_schedule(a_task(f"good-{number}"), next_due_at=NINE) for number in range(5)]
    spoil(bad)
    besides = SteppedOver()
    with caplog.at_level(logging.ERROR):
        assert fire_due(now=NINE, besides=besides) == 6
    assert fired() == [one.id for one in good]
    assert besides.ids() == [bad.id]
    assert due_of(bad) == NINE
    (line,) = [record for record in caplog.records if record.message == "schedule stepped over"]
    assert (line.levelname, line.exc_info is not None) == ("ERROR", True)


def test_people_are_told_once_of_a_schedule_that_cannot_be_fired(database: str) -> None:
    unreadable_kind(a_bad())
    for _ in range(2):  # as two schedulers would
        fire_due(now=NINE, besides=SteppedOver())
    ((kind, sentence),) = alerts()
    assert kind is AlertKind.SCHEDULE_STUCK
    assert "“Bad” of “Bad report” cannot be fired (LookupError)" in sentence


def test_a_schedule_that_cannot_be_fired_is_left_out_until_it_is_tried_again(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = a_bad()
    unreadable_kind(bad)
    besides = SteppedOver()
    assert [fire_due(now=NINE, besides=besides) for _ in range(2)] == [1, 0]
    monkeypatch.setattr(stepping_over, "TRIED_AGAIN_AFTER", 0)
    besides = SteppedOver()
    assert fire_due(now=NINE, besides=besides) == 1
    execute("UPDATE schedule SET kind = 'cron' WHERE name = 'Bad'")
    assert fire_due(now=NINE, besides=besides) == 1
    assert fired() == [bad.id]


def test_a_batch_that_fails_is_worked_off_in_time_for_the_pass_and_comes_to_its_end(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tick, "ALONE_SECONDS", 0)
    good = [a_schedule(a_task(f"good-{number}"), next_due_at=NINE) for number in range(3)]
    unreadable_kind(a_bad())
    besides = SteppedOver()
    assert fire_due(now=NINE, besides=besides) == 4
    assert len(fired()) <= 1
    while fire_due(now=NINE, besides=besides):
        pass
    assert fired() == [one.id for one in good]


def test_the_trouble_of_the_database_is_no_schedules_fault(sqlite_database: str) -> None:
    a_bad()
    besides = SteppedOver()
    execute("ALTER TABLE run RENAME TO run_away")
    with pytest.raises(OperationalError):
        fire_due(now=NINE, besides=besides)
    assert (besides.ids(), alerts()) == ([], [])


def an_unreadable(*, closed_from: datetime = NINE, **values: Any) -> Schedule:
    """A schedule on days off only: its calendar has no working day for months."""
    with transaction() as session:
        calendar = Calendar(slug="feast", title="Feast")
        session.add(calendar)
        session.flush()
        session.add_all(
            CalendarDay(
                calendar_id=calendar.id,
                day=closed_from.date() + number * DAY,
                kind=DayKind.HOLIDAY,
                name="Feast",
                origin=DayOrigin.OWN,
            )
            for number in range(100)
        )
    rule = {"calendar_id": calendar.id, "on_holiday": OnHoliday.NEXT, "cron": "0 9 * * *"}
    return a_bad(**(rule | values))


def work_on(schedule: Schedule, day: date) -> None:
    """Correct the calendar of the schedule, as its page does."""
    with transaction() as session:
        row = session.get_one(Schedule, schedule.id)
        calendar = session.get_one(Calendar, row.calendar_id)
        remove_own_day(session, calendar, day)
        recount(session, row, now=NINE + MINUTE)


def test_people_are_told_once_of_a_schedule_that_became_unreadable(database: str) -> None:
    schedule = an_unreadable()
    for _ in range(2):
        fire_due(now=NINE)
    ((kind, sentence),) = alerts()
    assert kind is AlertKind.SCHEDULE_OFF
    assert sentence.startswith("The schedule “Bad” of “Bad report” was switched off")
    assert "no working day within 60 days" in sentence
    assert sentence.endswith("then switch it on again.")
    with reading() as session:
        assert why_switched_off(session, kept(schedule)) is not None


def ledger_of(schedule: Schedule) -> list[tuple[datetime, str]]:
    with reading() as session:
        rows = select(Run).where(Run.schedule_id == schedule.id).order_by(Run.scheduled_for)
        return [(one.scheduled_for, one.reason_code or one.state) for one in session.scalars(rows)]


def test_what_can_be_read_runs_though_what_comes_behind_it_cannot(database: str) -> None:
    schedule = an_unreadable(closed_from=NINE + DAY)
    fire_due(now=NINE)
    assert ledger_of(schedule) == [(NINE, "queued")]
    row = kept(schedule)
    assert (row.enabled, row.next_scheduled_for, row.next_due_at) == (True, NINE + DAY, NINE + DAY)
    assert alerts() == []
    assert fire_due(now=NINE + DAY - MINUTE) == 0
    fire_due(now=NINE + DAY)
    assert ledger_of(schedule)[1:] == [(NINE + DAY, "invalid")]
    assert kept(schedule).enabled is False
    assert [kind for kind, _ in alerts()] == [AlertKind.SCHEDULE_OFF]


def test_a_backlog_is_written_down_up_to_what_cannot_be_read(database: str) -> None:
    friday = NINE - 3 * DAY
    rule = {"cron": "0 9 * * 1-5", "next_due_at": friday - DAY}
    schedule = an_unreadable(closed_from=NINE + DAY, **rule)
    while fire_due(now=NINE + 2 * DAY):
        pass
    assert ledger_of(schedule) == [
        (friday - DAY, "queued"),
        (friday, "queued"),
        (NINE, "queued"),
        (NINE + DAY, "invalid"),
    ]
    assert kept(schedule).enabled is False


def test_a_calendar_that_is_corrected_brings_its_schedules_back(database: str) -> None:
    schedule = an_unreadable()
    fire_due(now=NINE)
    work_on(schedule, NINE.date() + 3 * DAY)
    row = kept(schedule)
    assert (row.enabled, row.counts_from) == (True, NINE + MINUTE)
    assert row.next_scheduled_for == NINE + DAY
    with reading() as session:
        assert why_switched_off(session, row) is None


def test_a_change_of_the_calendar_that_is_not_enough_leaves_it_off(database: str) -> None:
    schedule = an_unreadable()
    fire_due(now=NINE)
    work_on(schedule, NINE.date() + 90 * DAY)
    row = kept(schedule)
    assert (row.enabled, row.next_due_at) == (False, None)
    with reading() as session:
        assert why_switched_off(session, row) is not None


def test_what_a_person_switched_off_no_calendar_brings_back(database: str) -> None:
    schedule = an_unreadable()
    fire_due(now=NINE)
    with transaction() as session:
        row = session.get_one(Schedule, schedule.id)
        calendar, row.calendar_id = row.calendar_id, None
        for enabled in (True, False):
            switch(session, row, enabled=enabled, now=NINE + MINUTE / 2)
        row.calendar_id = calendar
    work_on(schedule, NINE.date() + 3 * DAY)
    assert kept(schedule).enabled is False


def test_an_unreadable_schedule_is_not_switched_on_before_it_is_corrected(database: str) -> None:
    schedule = an_unreadable()
    fire_due(now=NINE)
    row = kept(schedule)
    with transaction() as session, pytest.raises(Invalid, match="no working day"):
        switch(session, session.merge(row), enabled=True, now=NINE + MINUTE)
    with transaction() as session:
        row = session.get_one(Schedule, schedule.id)
        task = session.get_one(TaskDefinition, row.task_definition_id)
        rule = {"on_holiday": OnHoliday.RUN, "enabled": True}
        change_schedule(session, row, task, now=NINE + MINUTE, version=1, **rule)
    assert (kept(schedule).enabled, kept(schedule).next_due_at) == (True, NINE + DAY)


@pytest.mark.parametrize(
    ("spoil", "subject"),
    [
        ("cron = 'not cron'", "A schedule was switched off"),
        ("kind = 'lunar'", "A schedule cannot be fired"),
    ],
)
def test_both_are_mailed_to_the_people_of_the_task(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch, spoil: str, subject: str
) -> None:
    with smtp_server() as (url, mailbox):
        monkeypatch.setenv("ORCHESTRATOR_SMTP_URL", url)
        settings.cache_clear()
        a_bad()
        execute(f"UPDATE schedule SET {spoil}")
        fire_due(now=NINE)
        with transaction() as session:
            session.execute(update(AlertMail).values(next_try_at=None))
        assert send_alerts() == 1
        (letter,) = mailbox.letters
    assert (letter["Subject"], letter["To"]) == (subject, "author@example.com")


@pytest.mark.parametrize("spoil", ["cron = 'not cron'", "kind = 'lunar'"])
def test_nobody_is_told_of_the_schedules_of_another_task(sqlite_database: str, spoil: str) -> None:
    a_bad()
    other = a_task("other", title="Other report", alert_recipients=["another@example.com"])
    a_schedule(other, name="Other", next_due_at=NINE)
    execute(f"UPDATE schedule SET {spoil}")
    fire_due(now=NINE)
    with reading() as session:
        mails = session.scalars(select(AlertMail.recipients)).all()
    assert sorted(mails) == [["another@example.com"], ["author@example.com"]]
