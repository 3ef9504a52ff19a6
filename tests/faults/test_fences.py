"""Workers that are cut off, frozen or too late: never two at work, and the first is not heard."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from tasks.db import transaction
from tasks.models import RunState
from tests.engine.running_stack import is_alive
from tests.faults.promises import Promises, assert_invariants
from tests.faults.stage import Stage
from tests.support.factories import a_probe
from tests.support.freezing import Part, thaw
from tests.support.proxy import Proxy, before_postgres
from tests.support.stack import the_run, wait_for_end
from tests.support.waiting import wait_until


@dataclass
class Cut:
    """What keeps one worker, and nobody else, from the database; opened and closed by the test."""

    environment: dict[str, str]
    file: Path
    proxy: Proxy | None = None

    def begin(self) -> None:
        self.file.touch()
        if self.proxy is not None:
            self.proxy.cut()

    def begin_silently(self) -> None:
        """Cut so that nothing answers; SQLite has no network, there each statement fails."""
        self.file.touch()
        if self.proxy is not None:
            self.proxy.lose_everything()

    def end(self) -> None:
        self.file.unlink()
        if self.proxy is not None:
            self.proxy.heal()

    @property
    def refusals(self) -> int:
        if self.proxy is not None:
            return self.proxy.refused
        log = self.file.with_suffix(".log")
        return len(log.read_text().splitlines()) if log.exists() else 0


@contextmanager
def a_cut(stage: Stage, folder: Path) -> Iterator[Cut]:
    """Prepare a cut; a worker started with its environment can be cut off."""
    file = folder / "cut"
    if not stage.on_postgresql:
        yield Cut({"PROBE_CUT": str(file)}, file)
        return
    with before_postgres(stage.url) as (proxy, url):
        yield Cut({"ORCHESTRATOR_DATABASE_URL": url}, file, proxy)


@pytest.fixture
def cut(stage: Stage, promises: Promises, tmp_path: Path) -> Iterator[Cut]:
    """The only worker of the stage can be cut off."""
    stage.without_worker()
    with a_cut(stage, tmp_path) as cut:
        stage.worker = stage.processes.worker(**cut.environment)
        yield cut
        stage.without_worker()


@pytest.fixture
def second_worker(stage: Stage) -> Iterator[Callable[[], object]]:
    """Starts one more worker, which ends with the test."""
    started: list[Part] = []
    yield lambda: started.append(stage.processes.worker())
    for part in started:
        stage.processes.kill(part)


def phases(promises: Promises, run: int) -> list[tuple[int, str]]:
    return [(step.attempt, step.phase) for step in promises.steps(run)]


def assert_never_two_at_once(promises: Promises, run: int) -> None:
    """The first attempt wrote nothing more once the second had begun, but that it was stopped."""
    told = phases(promises, run)
    later = told[told.index((2, "start")) :]
    assert [step for step in later if step[0] == 1] == []


def test_a_worker_frozen_for_longer_than_its_lease_is_fenced_when_it_thaws(
    stage: Stage, promises: Promises, second_worker: Callable[[], object]
) -> None:
    """Fault 15: what it made is thrown away, or it is ended before it makes anything."""
    run = promises.click(a_probe(act="sleep", seconds=3, attempts=1))
    child = promises.wait_for(run, "start").pid
    frozen = stage.the_worker()
    stage.freeze(frozen)
    second_worker()
    assert wait_for_end(run).attempt == 2
    thaw(frozen)
    wait_until(
        lambda: was_fenced(stage, run) or not is_alive(child),
        "the first attempt is over",
    )
    assert_invariants(promises)
    assert (the_run(run).state, the_run(run).attempt) == (RunState.SUCCEEDED, 2)


def test_a_worker_that_cannot_reach_the_database_stops_before_another_begins(
    promises: Promises, cut: Cut, second_worker: Callable[[], object]
) -> None:
    """Fault 16."""
    run = promises.click(a_probe(act="wait", attempts=1))
    unsafe = promises.click(a_probe(act="wait", safe_to_repeat=False))
    promises.wait_for(run, "working")
    promises.wait_for(unsafe, "working")
    second_worker()
    cut.begin()
    promises.wait_for(run, "start", attempt=2)
    assert_invariants(promises)
    assert_never_two_at_once(promises, run)
    assert (the_run(run).state, the_run(unsafe).state) == (RunState.SUCCEEDED, RunState.LOST)
    assert promises.steps(unsafe, "effect") == []


def test_a_worker_that_the_database_does_not_answer_stops_before_another_begins(
    promises: Promises, cut: Cut, second_worker: Callable[[], object]
) -> None:
    """Fault 16, half-open: nothing fails, nothing comes."""
    run = promises.click(a_probe(act="wait", attempts=1))
    promises.wait_for(run, "working")
    second_worker()
    cut.begin_silently()
    promises.wait_for(run, "start", attempt=2)
    assert_invariants(promises)
    assert_never_two_at_once(promises, run)


@pytest.mark.parametrize("stage", ["postgresql"], indirect=True, scope="module")
def test_half_open_lines_to_the_database_hold_the_work_up_for_seconds_only(
    stage: Stage, promises: Promises, cut: Cut
) -> None:
    """Fault 25: the resting connections of a worker lead nowhere, and only new ones work.

    The kernel gives such a connection up after the 8 s of `tcp_user_timeout`.
    """
    runs = [promises.click(a_probe()) for _ in range(4)]
    assert {wait_for_end(run).state for run in runs} == {RunState.SUCCEEDED}
    assert cut.proxy is not None
    cut.proxy.lose_what_is_open()
    begun = time.monotonic()
    after = [promises.click(a_probe()) for _ in range(4)]
    assert {wait_for_end(run).state for run in after} == {RunState.SUCCEEDED}
    assert time.monotonic() - begun < 30  # a quarter of an hour without it
    assert_invariants(promises)


def test_an_attempt_that_waits_for_a_lock_for_too_long_stops_itself(
    stage: Stage, promises: Promises
) -> None:
    """Fault 16, where somebody holds the whole table: nobody else could take the run over."""
    run = promises.click(a_probe(act="wait", attempts=1))
    promises.wait_for(run, "working")
    with transaction() as session:
        lock = "LOCK TABLE run IN ACCESS EXCLUSIVE MODE" if stage.on_postgresql else "SELECT 1"
        session.execute(text(lock))  # on SQLite every writing transaction locks all there is
        promises.wait_for(run, "stopped")
    assert_invariants(promises)
    assert_never_two_at_once(promises, run)


def test_a_database_that_is_away_at_the_finish_is_tried_again_until_it_is_back(
    stage: Stage, promises: Promises, tmp_path: Path
) -> None:
    """Fault 17: with a lease of 8 s, so that the outage fits into it on a slow machine too."""
    stage.without_worker()
    with a_cut(stage, tmp_path) as cut:
        lease = {"ORCHESTRATOR_LEASE_SECONDS": "8"}
        stage.worker = stage.processes.worker(**cut.environment, **lease)
        run = promises.click(a_probe(act="wait", until=str(tmp_path / "go")))
        promises.wait_for(run, "working")
        cut.begin()
        (tmp_path / "go").touch()
        promises.wait_for(run, "end")
        before = cut.refusals
        wait_until(lambda: cut.refusals >= before + 2, "the finish was refused, and again")
        cut.end()
        assert wait_for_end(run, seconds=8).state is RunState.SUCCEEDED
        assert_invariants(promises)
        assert the_run(run).attempt == 1
        stage.without_worker()


def was_fenced(stage: Stage, run: int) -> bool:
    """Whether a worker wrote down that it threw an attempt's result away."""
    lines = (stage.home / "logs" / "taskorchestrator.log").read_text().splitlines()
    runs = (stage.home / "logs" / "runs").glob(f"*/{run}-1.log")
    told = [line for line in lines if f"run_id={run} " in f"{line} "]
    told += [line for path in runs for line in path.read_text().splitlines()]
    return any("attempt fenced" in line for line in told)
