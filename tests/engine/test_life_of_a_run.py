"""A run from its promise to its end, by real workers, on both databases."""

import hashlib
import shutil
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tasks.db import reading, transaction
from tasks.deliveries import send_again
from tasks.errors import ErrorKind
from tasks.models import (
    Artifact,
    Attempt,
    DeliveryState,
    RunEvent,
    RunState,
    TaskDefinition,
)
from tasks.runs.dispatch import dispatch_soon
from tasks.runs.files import artifact_path
from tests.support.clicking import cancel, click
from tests.support.factories import a_source, a_task
from tests.support.freezing import freeze, thaw
from tests.support.mail import Mailbox
from tests.support.rows import states
from tests.support.stack import Processes, the_run, wait_for_delivery, wait_for_end, wait_for_state
from tests.support.waiting import wait_until

ENDLESS = 'SELECT COUNT(*) AS N FROM "RDR1" a, "RDR1" b, "RDR1" c WHERE a."Price" < b."Price"'
CUSTOMERS = 'SELECT "CardCode", "CardName", "Balance" FROM "OCRD" ORDER BY "CardCode"'


@pytest.fixture
def demo(home: Path, demo_company: Path, processes: Processes) -> Processes:
    """The processes, with the demo company as a source."""
    shutil.copy(demo_company, home / "demo.duckdb")
    a_source()
    return processes


def test_a_report_ends_with_its_file_and_its_mail(demo: Processes, mailbox: Mailbox) -> None:
    demo.worker()
    task = a_task(settings={"sql": CUSTOMERS, "recipients": ["ayse@example.com"]})
    run = click(task)
    ended = wait_for_end(run.id)
    assert (ended.state, ended.error) == (RunState.SUCCEEDED, None)
    assert ended.rows
    assert states(run.id) == [RunState.QUEUED, RunState.RUNNING, RunState.SUCCEEDED]
    with reading() as session:
        artifact = session.scalars(select(Artifact).where(Artifact.run_id == run.id)).one()
    kept = artifact_path(artifact).read_bytes()
    assert hashlib.sha256(kept).hexdigest() == artifact.sha256
    assert wait_for_delivery(run.id).state is DeliveryState.DELIVERED
    [letter] = mailbox.letters
    [attached] = letter.iter_attachments()
    assert attached.get_content() == kept


def test_wrong_sql_fails_with_its_kind_and_sends_nothing(demo: Processes, mailbox: Mailbox) -> None:
    demo.worker()
    wrong = 'SELECT "CardCode",\n       "CardNme" FROM "OCRD"'
    task = a_task(settings={"sql": wrong, "recipients": ["ayse@example.com"]})
    ended = wait_for_end(click(task).id)
    assert (ended.state, ended.error_kind) == (RunState.FAILED, ErrorKind.SQL)
    assert ended.error is not None
    assert ended.error.startswith("Line 2, column 8")
    assert (ended.attempt, mailbox.letters) == (1, [])


def test_a_source_that_is_away_is_tried_again_and_then_fails(demo: Processes, home: Path) -> None:
    (home / "demo.duckdb").unlink()
    demo.worker()
    demo.beat()
    task = a_task(max_attempts=2, retry_delay_seconds=0)
    ended = wait_for_end(click(task).id)
    assert (ended.state, ended.error_kind) == (RunState.FAILED, ErrorKind.SOURCE_UNREACHABLE)
    assert ended.attempt == 2
    queued, running, failed = RunState.QUEUED, RunState.RUNNING, RunState.FAILED
    assert states(ended.id) == [queued, running, queued, running, failed]


def test_a_run_that_outlives_its_time_limit_is_timed_out_and_the_slot_works_again(
    demo: Processes,
) -> None:
    demo.worker()
    endless = a_task("endless", timeout_seconds=1, settings={"sql": ENDLESS})
    assert wait_for_end(click(endless).id).state is RunState.TIMED_OUT
    assert wait_for_end(click(a_task()).id).state is RunState.SUCCEEDED


def test_a_running_run_is_cancelled_and_a_waiting_one_too(demo: Processes) -> None:
    endless = a_task("endless", settings={"sql": ENDLESS})
    waiting = click(endless)
    cancel(waiting)
    assert the_run(waiting.id).state is RunState.CANCELLED
    demo.worker()
    running = click(endless)
    wait_for_state(running.id, RunState.RUNNING)
    cancel(running)
    assert wait_for_end(running.id).state is RunState.CANCELLED


@pytest.mark.parametrize(
    ("safe_to_repeat", "ends"), [(True, RunState.SUCCEEDED), (False, RunState.LOST)]
)
def test_a_killed_worker_is_noticed_and_the_run_ends_truthfully(
    demo: Processes, home: Path, safe_to_repeat: bool, ends: RunState
) -> None:
    worker = demo.worker()
    demo.beat()
    task = a_task("endless", settings={"sql": ENDLESS}, safe_to_repeat=safe_to_repeat)
    run = click(task)
    wait_for_state(run.id, RunState.RUNNING)
    with transaction() as session:
        session.get_one(TaskDefinition, task.id).settings = a_task("quick").settings
    demo.kill(worker)
    demo.worker()
    ended = wait_for_end(run.id)
    assert ended.state is ends
    with reading() as session:
        attempts = session.scalars(
            select(Attempt).where(Attempt.run_id == run.id).order_by(Attempt.number)
        ).all()
    assert attempts[0].state is RunState.LOST
    assert attempts[0].error is not None
    assert "died or lost its connection" in attempts[0].error
    assert len(attempts) == (2 if safe_to_repeat else 1)


def test_a_frozen_worker_is_fenced_and_its_late_result_is_thrown_away(
    demo: Processes, database: str
) -> None:
    frozen = demo.worker()
    demo.beat()
    task = a_task("endless", settings={"sql": ENDLESS})
    run = click(task)
    wait_for_state(run.id, RunState.RUNNING)
    with transaction() as session:
        session.get_one(TaskDefinition, task.id).settings = a_task("quick").settings
    freeze(frozen, database)
    demo.worker()
    assert wait_for_end(run.id).attempt == 2
    thaw(frozen)
    fenced = wait_for_end(click(a_task("after")).id)
    assert fenced.state is RunState.SUCCEEDED
    with reading() as session:
        final = session.scalar(
            select(func.count()).where(
                RunEvent.run_id == run.id,
                RunEvent.state.not_in((RunState.QUEUED, RunState.RUNNING)),
            )
        )
    assert final == 1
    assert the_run(run.id).attempt == 2


def test_a_mail_server_that_is_full_for_now_gets_the_same_mail_later(
    demo: Processes, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo.worker()
    mailbox.answer = "554 5.7.1 we do not want this"
    task = a_task(settings={"recipients": ["ayse@example.com"]})
    run = click(task)
    refused = wait_for_delivery(run.id)
    assert (refused.state, the_run(run.id).state) == (DeliveryState.FAILED, RunState.SUCCEEDED)
    assert refused.error is not None
    assert "we do not want this" in refused.error
    mailbox.answer = "250 OK"
    with transaction() as session:
        send_again(session, [refused.id], actor="ayse")
    dispatch_soon()
    wait_until(lambda: mailbox.letters, "the mail comes at last")
    assert mailbox.letters[0]["Message-ID"] == refused.message_id
    assert wait_for_delivery(run.id).state is DeliveryState.DELIVERED
