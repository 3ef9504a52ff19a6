"""Beats: two at once, and none for a while."""

from datetime import timedelta
from itertools import pairwise

from tasks.clock import utcnow
from tasks.models import CatchUp, RunState
from tests.faults.promises import Promises, assert_invariants
from tests.faults.stage import Stage
from tests.support.factories import a_probe
from tests.support.firing import a_firing_schedule, instants, switch_off
from tests.support.waiting import wait_until

SECOND = timedelta(seconds=1)


def test_with_two_beats_each_due_instant_has_one_row(stage: Stage, promises: Promises) -> None:
    """Fault 21."""
    second = stage.processes.beat()
    schedule = a_firing_schedule(a_probe())
    wait_until(lambda: len(instants(schedule)) >= 4, "four instants came due")
    switch_off(schedule)
    stage.processes.kill(second)
    rows = instants(schedule)
    assert {b.scheduled_for - a.scheduled_for for a, b in pairwise(rows)} == {SECOND}
    promises.count += len(rows)
    assert_invariants(promises)


def test_what_came_due_while_no_beat_ran_is_caught_up_as_the_schedule_says(
    stage: Stage, promises: Promises
) -> None:
    """Fault 22: five instants for each of three schedules, and beat comes back after the last."""
    stage.without_beat()
    begin = utcnow().replace(microsecond=0)
    end = begin + 5 * SECOND
    schedules = {
        policy: a_firing_schedule(a_probe(), starts_at=begin, ends_at=end, catch_up=policy)
        for policy in CatchUp
    }
    wait_until(lambda: utcnow() > end, "five instants have passed")
    stage.the_beat()
    wait_until(lambda: len(promises.rows()) >= 15, "each instant is written down")
    promises.count += 15
    assert_invariants(promises)
    meant = [begin + number * SECOND for number in range(1, 6)]
    for schedule in schedules.values():
        assert [run.scheduled_for for run in instants(schedule)] == meant
    succeeded, skipped = RunState.SUCCEEDED, RunState.SKIPPED
    happened = {
        policy: [run.state for run in instants(schedule)] for policy, schedule in schedules.items()
    }
    assert happened == {
        CatchUp.ALL: [succeeded] * 5,
        CatchUp.LAST: [skipped] * 4 + [succeeded],
        CatchUp.SKIP: [skipped] * 5,
    }
    codes = {run.reason_code for run in promises.rows() if run.state is skipped}
    assert codes == {"missed"}
