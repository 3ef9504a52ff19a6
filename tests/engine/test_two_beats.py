"""Schedules fire by themselves, once, however many schedulers there are."""

from datetime import timedelta
from itertools import pairwise

from tasks.clock import utcnow
from tasks.models import RunState
from tests.support.factories import a_source, a_task
from tests.support.firing import a_firing_schedule, instants, switch_off
from tests.support.stack import Processes
from tests.support.waiting import wait_until


def test_with_two_beats_each_instant_of_a_schedule_has_one_run(processes: Processes) -> None:
    a_source()
    processes.beat()
    processes.beat()
    schedule = a_firing_schedule(a_task("often"))
    wait_until(lambda: len(instants(schedule)) >= 5, "five instants were fired")
    switch_off(schedule)
    runs = instants(schedule)
    apart = [b.scheduled_for - a.scheduled_for for a, b in pairwise(runs)]
    assert set(apart) == {timedelta(seconds=1)}
    assert {run.state for run in runs} <= {RunState.QUEUED, RunState.SKIPPED}


def test_a_new_schedule_is_picked_up_by_a_running_beat_and_not_fired_by_its_making(
    processes: Processes,
) -> None:
    processes.beat()
    made_at = utcnow()
    schedule = a_firing_schedule(a_task("new"))
    wait_until(lambda: instants(schedule), "the first instant is fired", seconds=10)
    first = instants(schedule)[0].scheduled_for
    assert first > made_at - timedelta(seconds=1)
    assert first.microsecond == 0
