"""One run that cannot be ended: the others are, what is due is fired, and the log tells of it."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import joinedload

from tasks.alert_letter import Told, letter
from tasks.clock import utcnow
from tasks.db import engine, reading
from tasks.models import Alert, AlertKind, Run, RunState
from tasks.runs import reaper
from tasks.runs.deadlines import pass_deadlines
from tasks.runs.files import attempt_folder
from tasks.runs.reaper import reap
from tasks.scheduling import stepping_over
from tasks.scheduling.stepping_over import RunsLeftOut, SteppedOver
from tasks.scheduling.tick import tick
from tests.support.factories import a_run, a_schedule, a_task
from tests.support.firing import instants
from tests.support.rows import now

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def execute(statement: str) -> None:
    with engine().begin() as connection:
        connection.execute(text(statement))


def abandoned(**values: Any) -> Run:
    """Save a run whose lease was over before those of the others."""
    row: dict[str, Any] = {
        "state": RunState.RUNNING,
        "lease_until": utcnow() - MINUTE,
        "lease_owner": "gone:1",
    }
    return a_run(**(row | values))


def unreadable(column: str) -> str:
    """The statement that makes the runs of one queue unreadable: nobody knows such a word."""
    return f"UPDATE run SET {column} = 'lunar' WHERE queue = 'bad'"


def test_one_run_that_cannot_be_rescued_holds_up_no_other_and_nothing_that_is_due(
    database: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(reaper, "_EXPIRED", reaper._EXPIRED.limit(1))
    bad = abandoned(queue="bad", lease_until=utcnow() - HOUR)
    good = [abandoned() for _ in range(2)]
    schedule = a_schedule(a_task("due"), next_due_at=utcnow().replace(second=0, microsecond=0))
    execute(unreadable("trigger"))
    besides = SteppedOver()
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            tick(besides)
    assert [now(run).state for run in good] == [RunState.QUEUED] * 2
    assert besides.runs.ids() == [bad.id]
    assert len(instants(schedule)) >= 1
    (line,) = [record for record in caplog.records if record.message == "run stepped over"]
    assert (line.levelname, line.exc_info is not None) == ("ERROR", True)


def test_people_are_told_once_of_a_run_that_is_stepped_over(database: str) -> None:
    task = a_task(alert_recipients=["ayse@example.com"])
    bad = abandoned(task=task, queue="bad")
    execute(unreadable("trigger"))
    for _ in range(2):  # as two schedulers would
        reap(RunsLeftOut())
    with reading() as session:
        alert = session.scalars(select(Alert).options(joinedload(Alert.mail))).one()
    assert (alert.kind, alert.run_id) == (AlertKind.RUN_STUCK, None)
    assert f"Run {bad.id} of “A Report” cannot be ended or looked at (LookupError)." in (
        alert.sentence
    )
    assert alert.mail is not None
    assert alert.mail.recipients == ["ayse@example.com"]


def test_a_mail_tells_of_a_run_that_nobody_can_read(database: str) -> None:
    abandoned(task=a_task(alert_recipients=["ayse@example.com"]), queue="bad")
    execute(unreadable("trigger"))
    reap(RunsLeftOut())
    with reading() as session:
        with_both = select(Alert).options(joinedload(Alert.mail), joinedload(Alert.run))
        told = session.scalars(with_both).one()
        assert told.mail is not None
        mail = letter(Told(told.mail, [told], {told.kind: 1}))
    assert mail["Subject"] == "A run cannot be ended"
    assert "cannot be ended or looked at" in mail.get_content()


def test_a_run_that_was_stepped_over_is_tried_again(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, besides = abandoned(queue="bad"), RunsLeftOut()
    execute(unreadable("trigger"))
    assert reap(besides) == 0
    execute("UPDATE run SET trigger = 'person'")
    assert reap(besides) == 0
    monkeypatch.setattr(stepping_over, "TRIED_AGAIN_AFTER", 0)
    besides.leave_out(bad.id)
    assert reap(besides) == 1
    assert now(bad).state is RunState.QUEUED


def test_one_run_whose_deadline_cannot_be_passed_holds_up_no_other(database: str) -> None:
    over = utcnow() - HOUR
    a_run(queue="bad", finish_by=over - MINUTE, state=RunState.RUNNING)
    a_run(queue="bad", start_by=over - MINUTE)
    late, unstarted = a_run(finish_by=over, state=RunState.RUNNING), a_run(start_by=over)
    execute(unreadable("trigger"))
    besides = RunsLeftOut()
    assert pass_deadlines(now=utcnow(), besides=besides) == 2
    assert now(late).late_at is not None
    assert now(unstarted).state is RunState.SKIPPED
    assert len(besides.ids()) == 2


def test_the_trouble_of_the_database_is_no_runs_fault(sqlite_database: str) -> None:
    abandoned()
    besides = RunsLeftOut()
    execute("ALTER TABLE run_event RENAME TO run_event_away")
    with pytest.raises(OperationalError):
        reap(besides)
    assert besides.ids() == []


def test_a_pass_that_has_deleted_for_long_leaves_the_rest_to_the_clean_up(
    sqlite_database: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reaper, "DELETING_SECONDS", 0)
    run = abandoned()
    folder = attempt_folder(run.id, 1)
    folder.mkdir(parents=True)
    assert reap() == 1
    assert now(run).state is RunState.QUEUED
    assert folder.exists()
