"""Runs of a task that may not overlap: they queue, are refused or take another's place."""

import pytest

from tasks.errors import Conflict
from tasks.models import Overlap, RunState
from tasks.runs.holds import settle
from tests.database.holding import end, start
from tests.support.clicking import a_promise
from tests.support.factories import a_task
from tests.support.rows import now


def test_runs_that_may_not_overlap_follow_one_another(database: str) -> None:
    task = a_task(overlap=Overlap.QUEUE)
    first, second = a_promise(task), a_promise(task)
    assert [start(first), start(second)] == ["running", "overlap"]
    end(first)
    settle()
    assert start(second) == "running"


def test_a_click_is_refused_while_a_run_that_may_not_overlap_has_not_ended(database: str) -> None:
    task = a_task(overlap=Overlap.SKIP)
    first = a_promise(task, request_key="a")
    assert a_promise(task, request_key="a").id == first.id  # a double click is still one run
    with pytest.raises(Conflict, match=f"Run {first.id} of “A Report” has not ended yet"):
        a_promise(task, request_key="b")
    start(first)
    end(first)
    assert a_promise(task, request_key="b").id != first.id


def test_a_newer_run_takes_the_place_of_the_older_ones(database: str) -> None:
    task = a_task(overlap=Overlap.REPLACE)
    running = a_promise(task)
    start(running)
    waiting = a_promise(task)
    newest = a_promise(task)
    assert now(waiting).state is RunState.CANCELLED
    assert now(running).cancel_requested_at is not None
    assert now(waiting).reason == "A newer run of the task has taken its place."
    assert start(newest) == "overlap"  # until the one that is cancelled has ended
    end(running)
    settle()
    assert start(newest) == "running"
