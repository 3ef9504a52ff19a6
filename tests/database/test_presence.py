"""A worker says that it is alive, and ends those of its children that hang, and no other."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tasks.db import db_now, reading, transaction
from tasks.models import Run, RunState, Worker
from tasks.presence import Presence
from tasks.runs.ending import end_attempt
from tasks.runs.outcome import Outcome
from tasks.runs.reaper import reap
from tasks.runs.transitions import claim
from tests.support.factories import a_run, a_task
from tests.support.rows import now

LEASE = timedelta(seconds=20)
Child = subprocess.Popen[bytes]


@pytest.fixture
def child() -> Iterator[Child]:
    """A process that does nothing until it is ended."""
    process = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    yield process
    process.kill()
    process.wait(timeout=10)


@pytest.fixture
def presence(child: Child) -> Presence:
    """A worker whose one child is at its first message."""
    return a_presence({child.pid: "message-1"})


def a_presence(children: dict[int, str]) -> Presence:
    return Presence("w@here", queues=["default"], slots=1, children=lambda: children)


def goes_on_with(presence: Presence, children: dict[int, str]) -> None:
    """From now on the worker's children are at these messages."""
    presence.children = lambda: children


def a_run_of(child: Child) -> Run:
    """Let the child claim a run."""
    run = a_run(a_task(safe_to_repeat=False))
    with transaction() as session:
        claimed = claim(session, run.id, owner=f"w@here:{child.pid}", lease=LEASE)
    assert claimed is not None
    return now(run)


def reap_it(run: Run) -> None:
    """Let the lease of the run be over, and the reaper see it."""
    with transaction() as session:
        over = update(Run).where(Run.id == run.id)
        session.execute(over.values(lease_until=db_now(-timedelta(seconds=1))))
    assert reap() == 1


def end(run: Run) -> None:
    with transaction() as session:
        end_attempt(session, run.id, run.attempt, Outcome(RunState.SUCCEEDED), actor="w@here:1")


def looks(presence: Presence, times: int = 4) -> list[int]:
    """Let the worker look after its children; returns whom it has killed."""
    return [pid for _ in range(times) for pid in presence.end_hanging_children()]


def test_a_child_that_hangs_in_an_attempt_that_was_taken_from_it_is_killed(
    database: str, presence: Presence, child: Child
) -> None:
    run = a_run_of(child)
    assert looks(presence) == []
    reap_it(run)
    assert looks(presence) == [child.pid] * 3  # until the pool has another in its place
    assert child.wait(timeout=10) < 0


def test_a_child_gets_a_moment_to_notice_that_its_attempt_was_taken(
    database: str, presence: Presence, child: Child
) -> None:
    run = a_run_of(child)
    looks(presence)
    reap_it(run)
    assert looks(presence, times=1) == []
    goes_on_with(presence, {})
    assert looks(presence) == []


def test_a_child_that_gave_its_attempt_up_in_time_is_left_alone(
    database: str, presence: Presence, child: Child
) -> None:
    run = a_run_of(child)
    looks(presence)
    reap_it(run)
    goes_on_with(presence, {child.pid: "message-2"})  # taken, and not claimed yet
    assert looks(presence) == []
    goes_on_with(presence, {})
    assert looks(presence) == []
    assert child.poll() is None


def test_a_child_that_is_at_work_is_left_alone(
    database: str, presence: Presence, child: Child
) -> None:
    a_run_of(child)
    assert looks(presence) == []
    assert child.poll() is None


def test_a_child_whose_attempt_has_ended_is_left_alone(
    database: str, presence: Presence, child: Child
) -> None:
    run = a_run_of(child)
    looks(presence)
    end(run)
    assert looks(presence) == []


def test_the_children_of_another_worker_are_left_alone(database: str, child: Child) -> None:
    run = a_run_of(child)
    neighbour = Presence("w@there", ["default"], 1, children=lambda: {child.pid: "message-1"})
    looks(neighbour)
    reap_it(run)
    assert looks(neighbour) == []


def test_a_hanging_child_that_is_gone_already_is_no_trouble(
    database: str, presence: Presence, child: Child
) -> None:
    run = a_run_of(child)
    looks(presence)
    reap_it(run)
    child.kill()
    child.wait(timeout=10)
    looks(presence)


def the_worker() -> Worker | None:
    with reading() as session:
        return session.scalars(select(Worker)).one_or_none()


def test_a_worker_is_there_from_its_first_word_to_its_good_bye(
    database: str, presence: Presence
) -> None:
    presence.say_alive()
    first = the_worker()
    assert first is not None
    assert (first.name, first.queues, first.slots) == ("w@here", ["default"], 1)
    presence.slots = 3
    presence.say_alive()
    second = the_worker()
    assert second is not None
    assert (second.id, second.slots) == (first.id, 3)
    assert second.last_seen_at > first.last_seen_at
    a_presence({}).say_goodbye()
    assert the_worker() is None
