"""Real worker, beat and web processes over a test's database and broker."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping

from sqlalchemy import select

from tasks.db import reading
from tasks.models import Delivery, Run, RunState, SchedulerMark, Worker
from tests.support.probe import CHECKOUT, ON_PATH
from tests.support.waiting import wait_until

QUICK = {
    "ORCHESTRATOR_LEASE_SECONDS": "1.5",
    "ORCHESTRATOR_TICK_SECONDS": "0.3",
    "ORCHESTRATOR_REPUBLISH_SECONDS": "1",
    "ORCHESTRATOR_STOP_GRACE_SECONDS": "1",
    "ORCHESTRATOR_BROKER_SOCKET_TIMEOUT": "1",
    "ORCHESTRATOR_BROKER_CONNECT_TIMEOUT": "0.5",
    "ORCHESTRATOR_BROKER_HEALTH_CHECK_SECONDS": "1",
    "ORCHESTRATOR_WORKER_SLOTS": "2",
}
"""Settings that make the engine's waits short."""

START_SECONDS = 120
"""A part starts in three seconds where nobody else works, and in many times that on a busy day."""


class Processes:
    """The parts that a test started; `stop` ends these and no others."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = {**os.environ, **environment, "PYTHONPATH": ON_PATH}
        self._started: list[subprocess.Popen[bytes]] = []

    def start(
        self, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start `python -m tasks.cli.main ARGUMENTS` as the leader of a process group."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tasks.cli.main", *arguments],
            env={**self._environment, **(environment or {})},
            cwd=CHECKOUT,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._started.append(process)
        return process

    def worker(self, **environment: str) -> subprocess.Popen[bytes]:
        """Start a worker and wait until it takes messages; the keywords are its environment."""
        before = _workers()
        process = self.start("worker", environment=environment)
        wait_for_start(process, lambda: _workers() - before, "the worker is there")
        return process

    def beat(self, **environment: str) -> subprocess.Popen[bytes]:
        """Start a scheduler and wait for its tick; the keywords are its environment."""
        before = _last_tick()
        process = self.start("beat", environment=environment)
        wait_for_start(process, lambda: _last_tick() != before, "beat ticks")
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """End a part and its children as a crash of the machine would."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)

    def stop(self) -> None:
        for process in self._started:
            if process.poll() is None:
                self.kill(process)


def wait_for_start(process: subprocess.Popen[bytes], fact: Callable[[], object], what: str) -> None:
    """Return as soon as `fact()` is true; fail where the part has ended instead, or never comes."""
    wait_until(lambda: fact() or process.poll() is not None, what, seconds=START_SECONDS)
    assert process.poll() is None, f"waited in vain, it has ended: {what}"


def _workers() -> set[str]:
    with reading() as session:
        return set(session.scalars(select(Worker.name)).all())


def _last_tick() -> object:
    with reading() as session:
        return session.scalar(select(SchedulerMark.at).where(SchedulerMark.name == "tick"))


def the_run(run_id: int) -> Run:
    """Return the run as it is now."""
    with reading() as session:
        return session.get_one(Run, run_id)


def wait_for_end(run_id: int, *, seconds: float = 60) -> Run:
    """Return the run once it has ended."""
    wait_until(lambda: the_run(run_id).state.is_final, f"run {run_id} ends", seconds=seconds)
    return the_run(run_id)


def wait_for_state(run_id: int, state: RunState, *, seconds: float = 60) -> Run:
    """Return the run once it is in this state."""
    wait_until(lambda: the_run(run_id).state is state, f"run {run_id} is {state}", seconds=seconds)
    return the_run(run_id)


def wait_for_delivery(run_id: int, *, seconds: float = 60) -> Delivery:
    """Return the only delivery of a run once it has ended."""

    def delivery() -> Delivery | None:
        with reading() as session:
            return session.scalars(select(Delivery).where(Delivery.run_id == run_id)).one_or_none()

    wait_until(
        lambda: (found := delivery()) and found.state.is_final, "the delivery ends", seconds=seconds
    )
    found = delivery()
    assert found is not None
    return found
