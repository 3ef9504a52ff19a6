"""A schedule that is made while a scheduler runs."""

from datetime import timedelta

from tasks.clock import utcnow
from tests.support.factories import a_task
from tests.support.firing import a_firing_schedule, instants
from tests.support.stack import Processes
from tests.support.waiting import wait_until


def test_a_new_schedule_is_picked_up_by_a_running_beat_and_not_fired_by_its_making(
    processes: Processes,
) -> None:
    processes.beat()
    made_at = utcnow()
    schedule = a_firing_schedule(a_task("new"))
    wait_until(lambda: instants(schedule), "the first instant is fired")
    first = instants(schedule)[0].scheduled_for
    assert first > made_at - timedelta(seconds=1)
    assert first.microsecond == 0
