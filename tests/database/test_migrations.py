"""The migrations and the models say the same, and no row is lost on the way, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from alembic import command
from sqlalchemy import Table, inspect, select

from tasks.clock import utcnow
from tasks.db import engine, reading, transaction
from tasks.deliveries import send_again
from tasks.keeping.downloads import Asker, note_download
from tasks.kinds import ArtifactRole, ChannelKind
from tasks.models import (
    Artifact,
    ArtifactStore,
    Attempt,
    CatchUp,
    Delivery,
    DeliveryState,
    OnHoliday,
    Overlap,
    Run,
    RunState,
    Schedule,
    ScheduleOrigin,
    SchedulerMark,
    Source,
    TaskDefinition,
    User,
)
from tasks.runs.holds import settle
from tasks.runs.perform import perform
from tasks.runs.reaper import reap
from tasks.scheduling.tick import fire_due
from tests.database import old_rows
from tests.database.newer_rows import fill_newer
from tests.database.old_rows import DUE, ENDED, HOUR, OFF, ON, QUEUED, RETRYING, RUNNING
from tests.support.databases import alembic_config
from tests.support.factories import a_run


def test_from_empty_the_migrations_make_what_the_models_say(database: str) -> None:
    command.check(alembic_config(database))  # raises where something is missing or too much


def test_the_way_back_leaves_nothing_and_the_way_forth_works_again(database: str) -> None:
    command.downgrade(alembic_config(database), "base")
    assert inspect(engine()).get_table_names() == ["alembic_version"]
    command.upgrade(alembic_config(database), "head")
    command.check(alembic_config(database))


@pytest.fixture
def first(database: str) -> Iterator[dict[str, Table]]:
    """The first tables with rows in each; returned as they were, with the columns of then."""
    command.downgrade(alembic_config(database), "base")
    command.upgrade(alembic_config(database), "0001")
    tables = old_rows.old_tables(engine())
    with engine().begin() as connection:
        old_rows.fill(connection, tables)
    engine().dispose()  # PostgreSQL's driver has prepared statements for the old columns
    yield tables
    engine().dispose()


@pytest.fixture
def upgraded(database: str, first: dict[str, Table]) -> dict[str, Table]:
    """The same, brought to what this version needs."""
    command.upgrade(alembic_config(database), "head")
    return first


def contents(tables: dict[str, Table]) -> dict[str, list[object]]:
    with engine().connect() as connection:
        return old_rows.contents(connection, tables)


def test_the_first_tables_are_all_filled_before_they_are_changed(first: dict[str, Table]) -> None:
    assert len(first) == 13
    assert [name for name, rows in contents(first).items() if not rows] == []


def test_no_value_is_lost_on_the_way_up_nor_on_the_way_back(
    database: str, first: dict[str, Table]
) -> None:
    before = contents(first)
    command.upgrade(alembic_config(database), "head")
    command.check(alembic_config(database))
    assert contents(first) == before
    command.downgrade(alembic_config(database), "0001")
    assert contents(first) == before
    now = old_rows.old_tables(engine())
    assert {name: set(table.c.keys()) for name, table in now.items()} == {
        name: set(table.c.keys()) for name, table in first.items()
    }


def test_what_is_new_changes_nothing_for_an_old_task(upgraded: dict[str, Table]) -> None:
    with reading() as session:
        task = session.get_one(TaskDefinition, 1)
        source = session.get_one(Source, 1)
    assert (task.overlap, task.max_running, source.max_running) == (Overlap.ALLOW, None, None)
    assert (task.start_deadline_seconds, task.finish_deadline_seconds) == (None, None)
    assert (task.alert_recipients, task.retry_jitter) == ([], 0.1)
    assert (task.artifact_retention_days, task.run_retention_days) == (None, None)


def test_what_is_new_changes_nothing_for_an_old_schedule(upgraded: dict[str, Table]) -> None:
    with reading() as session:
        on, off = session.get_one(Schedule, ON), session.get_one(Schedule, OFF)
    assert (on.next_scheduled_for, off.next_scheduled_for) == (DUE, None)
    assert (on.catch_up, on.catch_up_window_seconds) == (CatchUp.LAST, 86_400)
    assert (on.origin, on.code_key, on.version) == (ScheduleOrigin.PERSON, None, 1)
    assert (on.calendar_id, on.on_holiday) == (None, OnHoliday.RUN)
    assert (on.paused_until, on.ends_at) == (None, None)


def test_what_is_new_changes_nothing_for_an_old_run(upgraded: dict[str, Table]) -> None:
    with reading() as session:
        runs = session.scalars(select(Run).order_by(Run.id)).all()
        marks = session.scalars(select(SchedulerMark.value)).all()
    assert [run.state for run in runs[3:9]] == list(ENDED)
    assert {(run.instants, run.covers_until, run.cause_id) for run in runs} == {(1, None, None)}
    assert {(run.start_by, run.finish_by, run.late_at) for run in runs} == {(None, None, None)}
    assert {(run.source, run.progress_done, run.progress_text) for run in runs} == {
        (None, None, "")
    }
    assert {run.resolved is None for run in runs} == {True}
    assert marks == [None, None]


def test_what_is_new_changes_nothing_for_an_old_file_letter_or_person(
    upgraded: dict[str, Table],
) -> None:
    with reading() as session:
        file = session.scalars(select(Artifact)).one()
        letters = session.scalars(select(Delivery).order_by(Delivery.id)).all()
        people = session.scalars(select(User)).all()
        runs = session.scalars(select(Run)).all()
        tasks = session.scalars(select(TaskDefinition)).all()
    assert (file.role, file.part, file.store) == (ArtifactRole.FILE, "", ArtifactStore.HOME)
    assert {(one.channel, one.channel_slug, one.part) for one in letters} == {
        (ChannelKind.EMAIL, "", "")
    }
    assert [(one.target, one.html, one.reason, one.doubtful_tries) for one in letters] == [
        ({}, "", "", 0)
    ] * 2
    assert {(one.email, one.wants_digest, one.digest_sent_at) for one in people} == {
        (None, False, None)
    }
    assert {run.only_to for run in runs} == {None}
    assert {task.artifact_keep_last for task in tasks} == {None}


def test_an_old_letter_that_failed_is_sent_again_and_a_load_of_its_file_is_noted(
    upgraded: dict[str, Table],
) -> None:
    with transaction() as session:
        assert [one.id for one in send_again(session, [2], actor="ayse")] == [2]
        again = session.get_one(Delivery, 2)
        file = session.scalars(select(Artifact)).one()
        who = Asker("ayse", "127.0.0.1", again)
        note_download(session, file, who, goes_on=False, now=utcnow())
    assert (again.state, again.recipient) == (DeliveryState.QUEUED, "bulent@example.com")
    assert (again.target, again.doubtful_tries) == ({}, 0)


@pytest.mark.usefixtures("first")
def test_nothing_of_the_version_before_is_lost_where_tables_are_made_anew(database: str) -> None:
    command.upgrade(alembic_config(database), "0009")
    before = old_rows.old_tables(engine())
    with engine().begin() as connection:
        newer = fill_newer(connection, before)
    assert {"alert", "alert_mail", "calendar_day", "queue", "task_chain"} <= set(newer)
    rows = contents(before)
    engine().dispose()
    command.upgrade(alembic_config(database), "head")
    assert contents(before) == rows
    command.downgrade(alembic_config(database), "0009")
    assert contents(before) == rows


def test_an_old_schedule_is_fired(upgraded: dict[str, Table]) -> None:
    assert fire_due(now=DUE + HOUR) == 1
    with reading() as session:
        fired = session.scalars(select(Run).where(Run.scheduled_for == DUE)).one()
        schedule = session.get_one(Schedule, ON)
    assert (fired.schedule_id, fired.state, fired.priority) == (ON, RunState.QUEUED, 8)
    assert schedule.next_due_at == schedule.next_scheduled_for == DUE + 24 * HOUR


@pytest.mark.parametrize("run_id", [QUEUED, RETRYING])
def test_an_old_run_that_waits_is_performed(
    upgraded: dict[str, Table], home: Path, run_id: int
) -> None:
    with duckdb.connect(home / "demo.duckdb") as company:
        company.execute("CREATE SCHEMA SBODEMOTR")
        company.execute('CREATE TABLE SBODEMOTR."T" AS SELECT range AS "N" FROM range(3)')
    settle()
    perform(run_id, worker="worker:1")
    ended = the_run(run_id)
    assert (ended.state, ended.error, ended.rows) == (RunState.SUCCEEDED, None, 3)
    assert ended.source == "demo"


def test_an_old_run_whose_worker_is_gone_is_noticed(upgraded: dict[str, Table]) -> None:
    assert reap() == 1
    gone = the_run(RUNNING)
    assert (gone.state, gone.attempt, gone.lease_owner) == (RunState.LOST, 1, None)


def the_run(run_id: int) -> Run:
    with reading() as session:
        return session.get_one(Run, run_id)


def test_a_run_may_have_more_rows_than_four_bytes_count(database: str) -> None:
    many = 3_000_000_000
    run = a_run(rows=many)
    with transaction() as session:
        session.add(Attempt(run_id=run.id, number=1, worker="w", started_at=utcnow(), rows=many))
        session.add(Artifact(run_id=run.id, attempt=1, name="a", path="a", media_type="text/csv",
                             bytes=1, sha256="", rows=many))  # fmt: skip
    with reading() as session:
        for model in (Run, Attempt, Artifact):
            assert session.scalar(select(model.rows)) == many
