"""The job `log_cleanup`: what it deletes, and what it never touches."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.models import (
    Artifact,
    Attempt,
    Delivery,
    DeliveryState,
    Run,
    RunEvent,
    RunState,
    WebSession,
)
from tasks.runs.files import attempt_folder, attempt_log_path
from tests.database.cleaning_up import NOTHING, OLD, an_old_run, clean_up, deleted, kept
from tests.support.factories import a_run, a_task


def a_delivery(run: Run, state: DeliveryState) -> None:
    with transaction() as session:
        session.add(
            Delivery(run_id=run.id, recipient="a@example.com", message_id="<1@x>", state=state)
        )


def test_an_old_run_goes_with_everything_that_hangs_on_it(database: str, home: Path) -> None:
    run = an_old_run(a_task(run_retention_days=30))
    a_delivery(run, DeliveryState.DELIVERED)
    assert clean_up(home).reason == deleted(runs=1)
    assert [kept(model) for model in (Run, Attempt, RunEvent, Artifact, Delivery)] == [0] * 5
    assert not attempt_log_path(run.id, 1).exists()
    assert not attempt_folder(run.id, 1).exists()


def test_what_followed_or_repeated_an_old_run_stays_without_it(database: str, home: Path) -> None:
    task = a_task(run_retention_days=30)
    run = an_old_run(task)
    later = a_run(task, retry_of_id=run.id, cause_id=run.id)
    clean_up(home)
    with reading() as session:
        stays = session.scalars(select(Run)).one()
    assert (stays.id, stays.retry_of_id, stays.cause_id) == (later.id, None, None)


@pytest.mark.parametrize(
    "values",
    [
        {"state": RunState.QUEUED, "finished_at": None},
        {"state": RunState.RUNNING, "finished_at": None},
        {"finished_at": utcnow() - timedelta(days=29)},
        {"state": RunState.SUCCEEDED},
    ],
    ids=["waits", "runs", "young", "the last that succeeded"],
)
def test_a_run_stays_that_has_not_ended_is_young_or_is_the_last_success(
    database: str, home: Path, values: dict[str, Any]
) -> None:
    run = an_old_run(a_task(run_retention_days=30), **values)
    assert clean_up(home).reason == NOTHING
    assert kept() == 1
    assert attempt_log_path(run.id, 1).exists()
    assert (attempt_folder(run.id, 1) / "report.csv").exists()


def test_of_two_old_successes_only_the_last_stays(database: str, home: Path) -> None:
    task = a_task(run_retention_days=30)
    runs = [an_old_run(task, state=RunState.SUCCEEDED) for _ in range(2)]
    clean_up(home)
    with reading() as session:
        assert session.scalars(select(Run.id)).all() == [runs[1].id]


@pytest.mark.parametrize("state", [DeliveryState.QUEUED, DeliveryState.SENDING])
def test_a_run_whose_letters_still_go_out_stays_with_its_files(
    database: str, home: Path, state: DeliveryState
) -> None:
    run = an_old_run(a_task(run_retention_days=30, artifact_retention_days=30))
    a_delivery(run, state)
    assert clean_up(home).reason == NOTHING
    assert (attempt_folder(run.id, 1) / "report.csv").exists()


def test_files_go_before_their_run_where_the_task_says_so(database: str, home: Path) -> None:
    run = an_old_run(a_task(artifact_retention_days=30), state=RunState.SUCCEEDED)
    assert clean_up(home).reason == deleted(files=1)
    assert (kept(Run), kept(Artifact), kept(RunEvent)) == (1, 0, 1)
    assert not attempt_folder(run.id, 1).exists()
    assert attempt_log_path(run.id, 1).exists()


def test_the_tasks_own_days_count_before_those_of_the_job(database: str, home: Path) -> None:
    an_old_run(a_task("kept-longer", run_retention_days=365))
    an_old_run(a_task("by-default"))
    assert clean_up(home, keep_run_days=30).reason == deleted(runs=1)
    assert clean_up(home).reason == NOTHING  # without days, a run is kept for ever


def test_old_logs_of_attempts_and_of_the_product_go(database: str, home: Path) -> None:
    logs = home / "logs"
    (logs / "runs" / "0000").mkdir(parents=True)
    old = [logs / "runs" / "0000" / "1-1.log", logs / "celery.log.3"]
    stay = [
        logs / "runs" / "0000" / "2-1.log",
        logs / "celery.log.1",
        logs / "celery.log",
        logs / "notes.txt",
    ]
    for path in (*old, *stay):
        path.write_text("text")
    for path in (*old, *stay[2:]):
        written = (utcnow() - OLD).timestamp()
        os.utime(path, (written, written))
    assert clean_up(home, keep_days=30).reason == deleted(logs=2)
    assert [path.exists() for path in (*old, *stay)] == [False] * 2 + [True] * 4


def test_sessions_that_are_over_go(database: str, home: Path) -> None:
    now = utcnow()
    with transaction() as session:
        for number, hours in enumerate((-1, 1)):
            expires = now + timedelta(hours=hours)
            session.add(WebSession(token_sha256=str(number), expires_at=expires))
    assert clean_up(home).reason == deleted(sessions=1)
    with reading() as session:
        assert session.scalars(select(WebSession.token_sha256)).all() == ["1"]
