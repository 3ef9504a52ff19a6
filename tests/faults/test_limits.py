"""Limits: of the disk, of time, and of patience."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.errors import Conflict, ErrorKind
from tasks.models import RunState, TaskDefinition
from tasks.runs.files import attempt_folder
from tasks.runs.transitions import request_cancel
from tasks.settings import settings
from tests.faults.promises import Promises, assert_invariants
from tests.faults.stage import Stage
from tests.support.factories import a_probe, a_source, a_task
from tests.support.rows import states
from tests.support.stack import the_run, wait_for_end
from tests.support.waiting import wait_until

TWO_HEARTBEATS = 0.6


def cancel(run: int) -> bool:
    """Ask to cancel a run as a person does; False where it has ended already (409)."""
    try:
        with transaction() as session:
            request_cancel(session, run, actor="ayse", now=utcnow())
    except Conflict:
        return False
    return True


@contextmanager
def a_full_disk(folder: Path, name: str) -> Iterator[None]:
    """Make writing below the folder fail for want of space.

    Root gives it a file system of 64 kB that is full; anybody else lets the one file that will be
    written there, `name`, lead to /dev/full, which refuses in the same way.
    """
    folder.mkdir(parents=True, exist_ok=True)
    mount = ("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder))
    mounted = os.geteuid() == 0 and subprocess.run(mount, check=False).returncode == 0
    try:
        if mounted:
            (folder / "filler").write_bytes(b"x" * 64 * 1024)
        else:
            (folder / name).symlink_to("/dev/full")
        yield
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
        else:
            (folder / name).unlink(missing_ok=True)


def test_a_full_disk_fails_the_run_and_shows_no_half_file(stage: Stage, promises: Promises) -> None:
    """Fault 18."""
    task = a_probe(max_attempts=1)
    fails_for_want_of_space(stage, promises, task, "probe.txt")
    promises.click(task)
    assert_invariants(promises)


def test_a_full_disk_fails_a_report_and_shows_no_half_file(
    stage: Stage, promises: Promises
) -> None:
    """Fault 18, by the job that people have."""
    with duckdb.connect(str(stage.home / "demo.duckdb")) as database:
        database.execute("CREATE SCHEMA SBODEMOTR")
    a_source()
    task = a_task("full", max_attempts=1, settings={"formats": ["csv"]})
    fails_for_want_of_space(stage, promises, task, "full-{at:%Y-%m-%d-%H%M}.csv")
    assert_invariants(promises)


def fails_for_want_of_space(
    stage: Stage, promises: Promises, task: TaskDefinition, file: str
) -> None:
    """Run the task where `file` finds no space; `at` in its name is the instant that was meant."""
    stage.without_worker()
    run = promises.click(task)
    folder = attempt_folder(run, 1)
    name = file.format(at=the_run(run).scheduled_for.astimezone(settings().zone))
    with a_full_disk(folder, f"{name}.part"):
        stage.the_worker()
        ended = wait_for_end(run)
        assert (ended.state, ended.error_kind) == (RunState.FAILED, ErrorKind.NO_SPACE)
        assert ended.error is not None
        assert ended.error.startswith("The disk is full")
        assert not (folder / name).exists()


@pytest.mark.parametrize("act", ["wait", "sleep", "deaf", "block", "block_all"])
def test_a_job_that_outlives_its_time_limit_is_timed_out_and_its_slot_works_again(
    promises: Promises, act: str, tmp_path: Path
) -> None:
    """Fault 19: Python, a sleep, a deaf job, a C call, and one that holds the whole interpreter."""
    run = promises.click(a_probe(act=act, timeout_seconds=1, safe_to_repeat=False))
    assert wait_for_end(run).state is RunState.TIMED_OUT
    wait_until(lambda: not attempt_folder(run, 1).exists(), "nothing of its files is left")
    both = a_probe(act="wait", until=str(tmp_path / "go"))
    runs = [promises.click(both), promises.click(both)]
    for one in runs:
        promises.wait_for(one, "working")
    (tmp_path / "go").touch()
    assert_invariants(promises)


def test_a_waiting_run_that_is_cancelled_never_starts(stage: Stage, promises: Promises) -> None:
    """Fault 20, queued."""
    stage.without_worker()
    run = promises.click(a_probe())
    assert cancel(run)
    stage.the_worker()
    after = promises.click(a_probe())
    assert wait_for_end(after).state is RunState.SUCCEEDED
    assert_invariants(promises)
    assert (the_run(run).state, promises.steps(run)) == (RunState.CANCELLED, [])


def test_a_running_run_is_cancelled_within_two_heartbeats(promises: Promises) -> None:
    """Fault 20, running: the best of a few, since the machine has other work too."""
    waits: list[float] = []
    while not waits or (min(waits) >= TWO_HEARTBEATS and len(waits) < 15):
        run = promises.click(a_probe(act="wait"))
        promises.wait_for(run, "working")
        asked = time.monotonic()
        assert cancel(run)
        wait_for_end(run)
        waits.append(time.monotonic() - asked)
        assert the_run(run).state is RunState.CANCELLED
        assert promises.steps(run, "effect") == []
    assert min(waits) < TWO_HEARTBEATS
    assert_invariants(promises)


def test_a_cancel_that_races_the_end_is_refused_or_obeyed_and_never_both(
    promises: Promises,
) -> None:
    """Fault 20, just finished: 20 races, each a little later in the run's life."""
    task = a_probe()
    answers: dict[int, bool] = {}
    for number in range(20):
        run = promises.click(task)
        over = time.monotonic() + number * 0.004
        while time.monotonic() < over:
            pass
        answers[run] = cancel(run)
    assert_invariants(promises)
    for run, accepted in answers.items():
        ended = the_run(run)
        if not accepted:
            assert ended.state is RunState.SUCCEEDED
        else:
            assert ended.state is RunState.CANCELLED
        if RunState.RUNNING not in states(run):
            assert promises.steps(run) == []
