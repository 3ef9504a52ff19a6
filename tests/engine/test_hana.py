"""Runs that read HANA in a real worker: stopped by a command, and where HANA does not answer."""

import time
from collections.abc import Iterator

import pytest

from tasks.models import RunState
from tests.support.clicking import cancel, click
from tests.support.factories import a_hana_source
from tests.support.hana import READER, Hana
from tests.support.hana_runs import a_hana_report, left_by
from tests.support.mail import Mailbox
from tests.support.stack import Processes, the_run, wait_for_end
from tests.support.waiting import wait_until

LONG = 'SELECT COUNT(*) FROM "JDT1" A, "JDT1" B, "JDT1" C'
TIME_LIMIT, GRACE_SECONDS = 2, 1.5
BOUND_SECONDS = 20


@pytest.fixture
def worker(hana: Hana, processes: Processes) -> Iterator[Processes]:
    """A worker with one slot, and HANA as a source."""
    a_hana_source(hana.port, password=READER[1])
    processes.worker(
        ORCHESTRATOR_LEASE_SECONDS="5",
        ORCHESTRATOR_STOP_GRACE_SECONDS=str(GRACE_SECONDS),
        ORCHESTRATOR_WORKER_SLOTS="1",
    )
    yield processes
    hana.reset()


def at_work(hana: Hana) -> bool:
    return any(one["sql"] == LONG for one in hana.status().statements)


def assert_the_slot_works() -> None:
    after = click(a_hana_report('SELECT "CardCode" FROM "OCRD"', slug="after"))
    assert wait_for_end(after.id).state is RunState.SUCCEEDED


def test_a_command_cancels_the_query_in_hana_and_the_run_says_so(
    worker: Processes, hana: Hana, mailbox: Mailbox
) -> None:
    run = click(a_hana_report(LONG))
    wait_until(lambda: at_work(hana), "the query has come to HANA")
    command = worker.start("cancel", str(run.id), "--wait")
    assert command.wait(timeout=60) == 0
    ended = the_run(run.id)
    assert ended.state is RunState.CANCELLED
    assert "the database confirmed" in ended.reason
    assert left_by(run).is_nothing
    assert mailbox.letters == []
    assert_the_slot_works()


def test_a_cancel_that_hana_does_not_take_ends_the_run_all_the_same(
    worker: Processes, hana: Hana
) -> None:
    run = click(a_hana_report(LONG))
    wait_until(lambda: at_work(hana), "the query has come to HANA")
    hana.deafen()
    began = time.monotonic()
    cancel(run)
    ended = wait_for_end(run.id)
    assert time.monotonic() - began < BOUND_SECONDS
    assert ended.state is RunState.CANCELLED
    assert "has not confirmed" in ended.reason
    assert left_by(run).is_nothing
    hana.hear()
    assert_the_slot_works()


def test_a_hana_that_falls_silent_holds_a_run_no_longer_than_its_time(
    worker: Processes, hana: Hana
) -> None:
    """It takes the order to cancel, too, and never answers it."""
    hana.fault("execute", "silence", sql="JDT1")
    run = click(a_hana_report(LONG, timeout_seconds=TIME_LIMIT))
    began = time.monotonic()
    ended = wait_for_end(run.id)
    assert time.monotonic() - began < BOUND_SECONDS
    assert ended.state is RunState.TIMED_OUT
    assert left_by(run).is_nothing
    assert_the_slot_works()
