"""Clocks that are wrong, that jump, and the two nights on which the wall's clock does.

The processes of the product read a clock that the test sets (see `sitecustomize.py` of the
probe's package): the application's own, and with SQLite also the database's, which is the
machine's. PostgreSQL's stays as it is, and it alone decides about leases. So this proves what one
host with a wrong clock does to the others over PostgreSQL, and what a step of the only machine's
clock does over SQLite; it does not prove how C code reacts that reads the clock itself.
"""

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tasks.models import RunState, Schedule
from tests.faults.promises import Promises, assert_invariants
from tests.faults.stage import Stage
from tests.support.clock import SharedClock
from tests.support.factories import a_probe
from tests.support.firing import a_firing_schedule, instants, switch_off
from tests.support.freezing import thaw
from tests.support.stack import the_run, wait_for_end
from tests.support.waiting import wait_until

HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)

on_postgresql = pytest.mark.parametrize("stage", ["postgresql"], indirect=True, scope="module")
on_sqlite = pytest.mark.parametrize("stage", ["sqlite"], indirect=True, scope="module")
each_way = pytest.mark.parametrize("ahead", [HOUR, -HOUR], ids=["ahead", "behind"])


@pytest.fixture
def clock(tmp_path: Path) -> SharedClock:
    return SharedClock(tmp_path)


@pytest.fixture
def clocked(stage: Stage, promises: Promises) -> Iterator[Stage]:
    """The stage without worker and beat; what the test starts by its own clock ends with it."""
    stage.without_worker()
    stage.without_beat()
    yield stage
    stage.without_worker()
    stage.without_beat()


def start(stage: Stage, clock: SharedClock) -> None:
    """Start a worker and a beat that follow this clock."""
    stage.worker = stage.processes.worker(**clock.environment)
    stage.beat = stage.processes.beat(**clock.environment)


@on_postgresql
@each_way
def test_a_worker_whose_clock_is_wrong_by_an_hour_steals_no_lease(
    stage: Stage, promises: Promises, clock: SharedClock, ahead: timedelta
) -> None:
    """Fault 23: a run that is longer than a lease, beside a worker that lives in another hour."""
    run = promises.click(a_probe(act="wait", seconds=2.5, safe_to_repeat=False))
    promises.wait_for(run, "working")
    clock.step_to(ahead)
    other = stage.processes.worker(**clock.environment)
    wait_for_end(run)
    stage.without_worker()
    second = promises.click(a_probe(act="wait", seconds=2.5, safe_to_repeat=False))
    assert_invariants(promises)
    assert {the_run(run).state, the_run(second).state} == {RunState.SUCCEEDED}
    stage.processes.kill(other)


@on_postgresql
@each_way
def test_a_beat_whose_clock_is_wrong_by_an_hour_takes_runs_from_the_dead_only(
    clocked: Stage, promises: Promises, clock: SharedClock, ahead: timedelta
) -> None:
    """Fault 23: it reaps what died as lost, and lets be what lives."""
    clock.step_to(ahead)
    start(clocked, clock)
    alive = promises.click(a_probe(act="wait", seconds=2.5, safe_to_repeat=False))
    dead = promises.click(a_probe(act="wait", attempts=1))
    os.kill(promises.wait_for(dead, "working").pid, signal.SIGKILL)
    assert_invariants(promises)
    assert (the_run(alive).state, the_run(alive).attempt) == (RunState.SUCCEEDED, 1)
    assert (the_run(dead).state, the_run(dead).attempt) == (RunState.SUCCEEDED, 2)


@on_sqlite
def test_a_run_whose_lease_a_step_of_the_clock_ends_is_fenced_and_says_so(
    clocked: Stage, promises: Promises, clock: SharedClock
) -> None:
    """Fault 23: the worker is held still, so that beat looks before the next heartbeat."""
    start(clocked, clock)
    run = promises.click(a_probe(act="wait", attempts=1, timeout_seconds=7200))
    promises.wait_for(run, "working")
    worker = clocked.the_worker()
    clocked.freeze(worker)
    clock.step_to(HOUR)
    wait_until(lambda: the_run(run).state is RunState.QUEUED, "the lease is over")
    assert "died or lost its connection" in (the_run(run).error or "")
    thaw(worker)
    promises.wait_for(run, "stopped")
    assert_invariants(promises)
    assert (the_run(run).state, the_run(run).attempt) == (RunState.SUCCEEDED, 2)


@on_sqlite
def test_a_clock_that_is_stepped_ahead_and_back_fires_no_instant_twice(
    clocked: Stage, promises: Promises, clock: SharedClock
) -> None:
    """Fault 23: an hour is written down as missed, then an hour passes without an instant."""
    start(clocked, clock)
    schedule = a_firing_schedule(a_probe())
    wait_until(lambda: len(instants(schedule)) >= 2, "it fires")
    clock.step_to(HOUR)
    wait_until(lambda: folded(schedule) >= 3590, "the hour was missed")
    clock.step_to(timedelta())
    later = promises.click(a_probe(act="wait", seconds=1.5))
    promises.wait_for(later, "end")
    switch_off(schedule)
    rows = instants(schedule)
    promises.count += len(rows)
    assert_invariants(promises)
    spans = [(run.scheduled_for, run.covers_until or run.scheduled_for) for run in rows]
    assert {after[0] - before[1] for before, after in pairwise(spans)} == {timedelta(seconds=1)}


@pytest.mark.parametrize(
    "change",
    [datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2027, 3, 28, 1, tzinfo=UTC)],
    ids=["autumn", "spring"],
)
def test_no_instant_is_lost_or_comes_twice_on_the_night_the_clocks_change(
    clocked: Stage, promises: Promises, clock: SharedClock, change: datetime
) -> None:
    """Fault 23: the night in Berlin, a quarter of an hour a step."""
    begin = change - 5 * QUARTER
    now = begin + timedelta(minutes=1)
    clock.set(now)
    start(clocked, clock)
    often = a_firing_schedule(a_probe(), now=now, cron="*/15 * * * *", timezone="Europe/Berlin")
    daily = a_firing_schedule(a_probe(), now=now, cron="30 2 * * *", timezone="Europe/Berlin")
    expected = [begin + number * QUARTER for number in range(1, 11)]
    for instant in expected:
        clock.set(instant + timedelta(minutes=1))
        wait_for_instant(often, instant)
        wait_until(lambda: all(run.finished_at for run in promises.rows()), "nothing runs")
    for schedule in (often, daily):
        switch_off(schedule, now=expected[-1] + timedelta(minutes=1))
    assert [run.scheduled_for for run in instants(often)] == expected
    autumn = change.month == 10
    assert [run.scheduled_for for run in instants(daily)] == [
        change - 2 * QUARTER if autumn else change
    ]
    promises.count += 11
    assert_invariants(promises)
    assert {run.state for run in promises.rows()} == {RunState.SUCCEEDED}


def folded(schedule: Schedule) -> int:
    return max((run.instants for run in instants(schedule)), default=0)


def wait_for_instant(schedule: Schedule, instant: datetime) -> None:
    """Wait until its run has ended: no job of these lasts for a quarter of an hour."""
    wait_until(
        lambda: instant in [run.scheduled_for for run in instants(schedule) if run.finished_at],
        f"{instant} is run",
    )
