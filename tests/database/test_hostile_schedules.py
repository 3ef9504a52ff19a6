"""One schedule that cannot be fired: the others go on, and people are told."""

import logging
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError

from tasks.alert_mails import send_alerts
from tasks.db import engine, reading, transaction
from tasks.models import (
    AlertKind,
    AlertMail,
    Run,
    Schedule,
)
from tasks.scheduling import stepping_over, tick
from tasks.scheduling.stepping_over import SteppedOver
from tasks.scheduling.tick import fire_due
from tasks.settings import settings
from tests.database.bad_schedules import NINE, a_bad, alerts
from tests.support.factories import a_schedule, a_task
from tests.support.mail import smtp_server

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


def fired() -> list[int | None]:
    with reading() as session:
        return sorted(session.scalars(select(Run.schedule_id)).all(), key=str)


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
