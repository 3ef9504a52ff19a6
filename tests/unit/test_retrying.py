"""The waits between attempts: they grow to a bound, and chance makes each a little longer."""

from datetime import timedelta

import pytest

from tasks.models import TaskDefinition
from tasks.retrying import retry_preview


def a_task(**values: float) -> TaskDefinition:
    row = {
        "max_attempts": 6,
        "retry_delay_seconds": 60,
        "retry_backoff": 2.0,
        "retry_max_delay_seconds": 300,
        "retry_jitter": 0.5,
    }
    return TaskDefinition(**(row | values))


def test_the_preview_grows_up_to_the_longest_wait() -> None:
    waits = [wait.total_seconds() for wait in a_task().retry_preview()]
    assert waits == [60, 120, 240, 300, 300]


def test_one_attempt_is_followed_by_no_wait() -> None:
    assert a_task(max_attempts=1).retry_preview() == []


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 120), (0.5, 150), (1.0, 180)])
def test_chance_makes_a_wait_longer_by_at_most_the_jitter(chance: float, seconds: int) -> None:
    wait = a_task().retry_delay(attempt=2, random=lambda: chance)
    assert wait == timedelta(seconds=seconds)


def test_the_longest_wait_is_passed_by_no_more_than_the_jitter() -> None:
    wait = a_task().retry_delay(attempt=5_000, random=lambda: 1.0)
    assert wait == timedelta(seconds=450)


def test_runs_that_failed_together_do_not_come_back_together() -> None:
    task = a_task()
    assert len({task.retry_delay(attempt=1) for _ in range(20)}) > 1


def test_the_preview_needs_no_task() -> None:
    waits = retry_preview(
        max_attempts=3, retry_delay_seconds=0, retry_backoff=1, retry_max_delay_seconds=0
    )
    assert waits == [timedelta(), timedelta()]
