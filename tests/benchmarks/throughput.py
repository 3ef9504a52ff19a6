"""2,000 runs that do nothing, through two workers of two slots, against raw Celery in the same run.

`python -m tests.benchmarks throughput` prints a JSON line for each database. Raw Celery has our
settings of it, the same broker, and a task that does the same: it writes down when it ran.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from sqlalchemy import func, select

from tasks.clock import utcnow
from tasks.db import reading
from tasks.models import Run, RunState, TaskDefinition, Worker
from tests.benchmarks.stage import DATABASES, Stage, cpu_seconds, stage
from tests.benchmarks.stamps import a_stamp_task, raw_celery_like_ours, stamps
from tests.support.many_rows import many_waiting_runs
from tests.support.probe import CHECKOUT
from tests.support.waiting import wait_until

RUNS, WARM_UP = 2_000, 40
ROUNDS = 3
WORKERS = 2
RATE_BAR, CPU_MS_BAR = 0.25, 10.0
LONGEST_SECONDS = 600.0
LOOK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Pace:
    """How quickly the runs went by, and what each cost all the processes of the workers."""

    runs_a_second: float
    cpu_ms_a_run: float


@dataclass(frozen=True, slots=True)
class Round:
    """Both, one right after the other."""

    ours: Pace
    raw: Pace

    @property
    def ratio(self) -> float:
        return self.ours.runs_a_second / self.raw.runs_a_second


def main() -> int:
    """Measure on each database; return the exit code."""
    kept = [_measure(database) for database in DATABASES]
    return 0 if all(kept) else 1


def _measure(database: str) -> bool:
    """Measure both by turns, since the machine may be faster now than a minute ago."""
    with stage(database) as here:
        task = a_stamp_task()
        rounds = [Round(ours=_ours(here, task), raw=_raw(here)) for _ in range(ROUNDS)]
    middle = sorted(rounds, key=lambda one: one.ratio)[ROUNDS // 2]
    cpu_ms = median(one.ours.cpu_ms_a_run for one in rounds)
    ok = middle.ratio >= RATE_BAR and cpu_ms <= CPU_MS_BAR
    result = {
        "benchmark": "throughput",
        "database": database,
        "runs_a_second": round(middle.ours.runs_a_second, 1),
        "raw_celery_runs_a_second": round(middle.raw.runs_a_second, 1),
        "ratio": round(middle.ratio, 2),
        "ratios": [round(one.ratio, 2) for one in rounds],
        "cpu_ms_a_run": round(cpu_ms, 2),
        "raw_celery_cpu_ms_a_run": round(median(one.raw.cpu_ms_a_run for one in rounds), 2),
        "bar": {"ratio": RATE_BAR, "cpu_ms_a_run": CPU_MS_BAR},
        "ok": ok,
    }
    sys.stdout.write(json.dumps(result) + "\n")
    sys.stdout.flush()
    return ok


def _ours(here: Stage, task: TaskDefinition) -> Pace:
    stamped, succeeded = len(stamps()), _succeeded()
    beat = here.processes.beat()
    with _workers(here, "ours") as leaders:
        wait_until(lambda: _count(select(func.count(Worker.id))) == WORKERS, "both workers")
        many_waiting_runs(task, WARM_UP, due_at=utcnow())
        wait_until(lambda: _succeeded() == succeeded + WARM_UP, "the first runs")
        stamped, succeeded = stamped + WARM_UP + RUNS, succeeded + WARM_UP + RUNS
        pace = _pace(
            leaders,
            send=lambda: many_waiting_runs(task, RUNS, due_at=utcnow()),
            done=lambda: len(stamps()) == stamped and _succeeded() == succeeded,
        )
    here.processes.kill(beat)
    return pace


def _raw(here: Stage) -> Pace:
    before = len(stamps())
    app = raw_celery_like_ours()

    def send(count: int) -> None:
        for _ in range(count):
            app.send_task("raw.stamp")

    with _workers(here, "raw_like_ours") as leaders:
        send(WARM_UP)
        wait_until(lambda: len(stamps()) == before + WARM_UP, "the first tasks")
        whole = before + WARM_UP + RUNS
        return _pace(leaders, send=lambda: send(RUNS), done=lambda: len(stamps()) == whole)


def _pace(leaders: list[int], *, send: Callable[[], object], done: Callable[[], bool]) -> Pace:
    """Measure from the first run's stamp to the last one's; the sending comes before or beside."""
    cpu = sum(map(cpu_seconds, leaders))
    send()
    _look_seldom(done)
    cpu = sum(map(cpu_seconds, leaders)) - cpu
    ran = sorted(stamps()[-RUNS:])
    return Pace((RUNS - 1) / ((ran[-1] - ran[0]) / 1e9), 1_000 * cpu / RUNS)


def _look_seldom(done: Callable[[], bool]) -> None:
    """Wait for the last run; the stamps tell when it was, and each look takes from what runs."""
    until = time.monotonic() + LONGEST_SECONDS
    while not done():
        if time.monotonic() > until:
            raise AssertionError(f"Not all runs have ended within {LONGEST_SECONDS} s.")
        time.sleep(LOOK_SECONDS)


def _succeeded() -> int:
    return _count(select(func.count(Run.id)).where(Run.state == RunState.SUCCEEDED))


def _count(statement: object) -> int:
    with reading() as session:
        return int(session.scalar(statement) or 0)  # type: ignore[call-overload]


@contextmanager
def _workers(here: Stage, kind: str) -> Iterator[list[int]]:
    """Run the workers, each in a process group of its own; yields the ids of the groups."""
    parts = [_worker(here.home / f"{kind}-{number}.log", kind) for number in range(WORKERS)]
    try:
        yield [part.pid for part in parts]
    finally:
        for part in parts:
            part.terminate()
        for part in parts:
            part.wait(timeout=60)


def _worker(log: Path, kind: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.benchmarks.stamps", kind]
    with log.open("wb") as output:
        return subprocess.Popen(
            command, cwd=CHECKOUT, stdout=output, stderr=output, start_new_session=True
        )


if __name__ == "__main__":
    sys.exit(main())
