"""An order to stop: obeyed at once where the job listens, and in the end in any case."""

import shutil
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from tasks.db import reading
from tasks.models import Artifact, Attempt, Run, RunState
from tasks.runs.files import attempt_log_path
from tests.engine.running_stack import is_alive
from tests.support.clicking import cancel, click
from tests.support.factories import a_probe, a_source, a_task
from tests.support.probe import steps
from tests.support.stack import Processes, the_run, wait_for_end
from tests.support.waiting import wait_until

LONG = 'SELECT COUNT(*) AS N FROM "RDR1" a, "RDR1" b, "RDR1" c WHERE a."Price" < b."Price"'
MANY_ROWS = 'SELECT a."Price" AS A, b."Price" AS B FROM "RDR1" a, "RDR1" b, "RDR1" c'
CONFIRMED = "It was cancelled while it ran; the database confirmed that its statement was stopped."
UNCONFIRMED = (
    "It was cancelled while it ran; the database has not confirmed that its statement was stopped."
)
LEASE_SECONDS = 5.0
TWO_HEARTBEATS = LEASE_SECONDS / 5 * 2
GRACE_SECONDS = 2.5
"""Long enough for two heartbeats, also where the machine is slow."""


@pytest.fixture
def worker(home: Path, demo_company: Path, processes: Processes) -> Processes:
    """A worker with one slot, and the demo company as a source."""
    shutil.copy(demo_company, home / "demo.duckdb")
    a_source()
    processes.worker(
        ORCHESTRATOR_LEASE_SECONDS=str(LEASE_SECONDS),
        ORCHESTRATOR_STOP_GRACE_SECONDS=str(GRACE_SECONDS),
        ORCHESTRATOR_WORKER_SLOTS="1",
    )
    return processes


def cancelled(run: Run) -> tuple[Run, float]:
    """Cancel a run that is at work; returns it once it has ended, and after how many seconds."""
    asked = time.monotonic()
    cancel(run)
    ended = wait_for_end(run.id)
    assert ended.state is RunState.CANCELLED
    return ended, time.monotonic() - asked


def assert_the_slot_works() -> None:
    after = click(a_task("after", settings={"sql": 'SELECT "CardCode" FROM "OCRD"'}))
    assert wait_for_end(after.id).state is RunState.SUCCEEDED


@pytest.mark.parametrize("sql", [LONG, MANY_ROWS], ids=["one long query", "rows without end"])
def test_a_report_is_stopped_in_its_database_within_two_heartbeats(
    worker: Processes, sql: str
) -> None:
    """The best of a few, since the machine has other work too."""
    task = a_task("long", settings={"sql": sql})
    waits: list[float] = []
    while not waits or (min(waits) >= TWO_HEARTBEATS and len(waits) < 6):
        run = click(task)
        wait_for_query(run)
        ended, seconds = cancelled(run)
        assert ended.reason == CONFIRMED
        waits.append(seconds)
    assert min(waits) < TWO_HEARTBEATS
    assert_the_slot_works()


def wait_for_query(run: Run) -> None:
    path = attempt_log_path(run.id, 1)
    wait_until(lambda: path.exists() and "query started" in path.read_text(), "the query runs")


def test_a_cancelled_report_leaves_no_file_and_its_attempt_says_how_it_ended(
    worker: Processes,
) -> None:
    run = click(a_task("long", settings={"sql": MANY_ROWS, "formats": ["csv", "xlsx"]}))
    wait_until(lambda: the_run(run.id).progress_done, "its first rows are written")
    ended, _ = cancelled(run)
    with reading() as session:
        files = session.scalars(select(Artifact)).all()
        attempt = session.scalars(select(Attempt)).one()
    assert files == []
    assert (attempt.state, attempt.error) == (RunState.CANCELLED, None)
    assert (ended.lease_owner, ended.error, ended.error_kind) == (None, None, None)


@pytest.mark.parametrize(
    ("act", "reason"),
    [("deaf", "It was cancelled while it ran."), ("deaf_statement", UNCONFIRMED)],
)
def test_a_job_that_ignores_the_order_is_ended_after_its_grace_and_nothing_is_claimed(
    worker: Processes, home: Path, act: str, reason: str
) -> None:
    run = click(a_probe(act=act))
    wait_until(lambda: steps(home, run.id, "start"), "the job works")
    ended, seconds = cancelled(run)
    assert ended.reason == reason
    assert seconds > GRACE_SECONDS
    [begun] = steps(home, run.id, "start")
    wait_until(lambda: not is_alive(begun.pid), "its process is ended")
    assert steps(home, run.id, "effect") == []
    assert_the_slot_works()


def test_a_statement_that_goes_on_is_told_to_stop_once_more_at_the_next_heartbeat(
    worker: Processes, home: Path
) -> None:
    """The first word may have come between two statements."""
    run = click(a_probe(act="deaf_statement"))
    wait_until(lambda: steps(home, run.id, "start"), "the job works")
    cancelled(run)
    assert len(steps(home, run.id, "interrupted")) >= 2  # more, where the machine is slow


def test_a_job_that_hears_the_order_ends_by_itself(worker: Processes, home: Path) -> None:
    run = click(a_probe(act="wait"))
    wait_until(lambda: steps(home, run.id, "working"), "the job works")
    ended, _ = cancelled(run)
    assert ended.reason == "It was cancelled while it ran."
    [*_, last] = steps(home, run.id)
    assert last.phase == "stopped"
    assert is_alive(last.pid)
