"""2,000 runs that do nothing, through two workers of two slots, against raw Celery in the same run.

`python -m tests.benchmarks throughput` prints a JSON line for each database. Raw Celery has our
settings of it, the same broker, and a task that does the same: it writes down when it ran.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from tasks.clock import utcnow
from tasks.db import reading
from tasks.models import Run, RunState, Worker
from tests.benchmarks.stage import DATABASES, Stage, cpu_seconds, stage
from tests.benchmarks.stamps import a_stamp_task, raw_celery_like_ours, stamps
from tests.support.many_rows import many_waiting_runs
from tests.support.probe import CHECKOUT
from tests.support.waiting import wait_until

RUNS, WARM_UP = 2_000, 40
WORKERS = 2
RATE_BAR, CPU_MS_BAR = 0.25, 10.0
LONGEST_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How quickly the runs went by, and what each cost all the processes of the workers."""

    runs_a_second: float
    cpu_ms_a_run: float


def main() -> int:
    """Measure on each database; return the exit code."""
    kept = [_measure(database) for database in DATABASES]
    return 0 if all(kept) else 1


def _measure(database: str) -> bool:
    with stage(database) as here:
        ours = _ours(here)
        raw = _raw(here)
    ratio = ours.runs_a_second / raw.runs_a_second
    ok = ratio >= RATE_BAR and ours.cpu_ms_a_run <= CPU_MS_BAR
    result = {
        "benchmark": "throughput",
        "database": database,
        "runs_a_second": round(ours.runs_a_second, 1),
        "raw_celery_runs_a_second": round(raw.runs_a_second, 1),
        "ratio": round(ratio, 2),
        "cpu_ms_a_run": round(ours.cpu_ms_a_run, 2),
        "raw_celery_cpu_ms_a_run": round(raw.cpu_ms_a_run, 2),
        "bar": {"ratio": RATE_BAR, "cpu_ms_a_run": CPU_MS_BAR},
        "ok": ok,
    }
    sys.stdout.write(json.dumps(result) + "\n")
    sys.stdout.flush()
    return ok


def _ours(here: Stage) -> Pace:
    task = a_stamp_task()
    beat = here.processes.beat()
    with _workers(here, "ours") as leaders:
        wait_until(lambda: _count(select(func.count(Worker.id))) == WORKERS, "both workers")
        many_waiting_runs(task, WARM_UP, due_at=utcnow())
        wait_until(lambda: _succeeded() == WARM_UP, "the first runs")
        pace = _pace(
            leaders,
            send=lambda: many_waiting_runs(task, RUNS, due_at=utcnow()),
            done=lambda: len(stamps()) == WARM_UP + RUNS and _succeeded() == WARM_UP + RUNS,
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
    wait_until(done, "the last run", seconds=LONGEST_SECONDS)
    cpu = sum(map(cpu_seconds, leaders)) - cpu
    ran = sorted(stamps()[-RUNS:])
    return Pace((RUNS - 1) / ((ran[-1] - ran[0]) / 1e9), 1_000 * cpu / RUNS)


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
