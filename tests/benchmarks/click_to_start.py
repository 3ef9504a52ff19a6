"""From a click to the job's first line, against a raw Celery task in the same run.

`python -m tests.benchmarks.click_to_start` prints one JSON line. Both go through one Valkey to a
worker with two slots of its own. Ours starts when the POST of the page's form arrives: session,
CSRF, promise and mark on disk, message, claim on disk. Theirs starts with `send_task`.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.page import LoggedIn
from tests.benchmarks.stamps import a_stamp_task, raw_celery, stamps
from tests.support.databases import migrate
from tests.support.valkey import Valkey
from tests.support.waiting import wait_until

CLICKS = 150
WARM_UP = 20
BAR = 4.0


def main() -> None:
    """Measure both in turns, so that the machine treats them alike."""
    with tempfile.TemporaryDirectory(prefix="orchestrator-bench-") as name, _stack(Path(name)):
        ours, raw = _measure_in_turns()
    print(json.dumps(_result(ours, raw)))  # noqa: T201


def _measure_in_turns() -> tuple[list[float], list[float]]:
    page = LoggedIn()
    task = a_stamp_task()
    celery = raw_celery()
    ours, raw = [], []
    for _ in range(WARM_UP + CLICKS):
        stamp = _stamp_after(page.click_of(task))
        ours.append((stamp - page.arrived_at) / 1e9)
        sent_at = time.monotonic_ns()
        raw.append((_stamp_after(lambda: celery.send_task("raw.stamp")) - sent_at) / 1e9)
    return ours[WARM_UP:], raw[WARM_UP:]


def _stamp_after(send: Callable[[], object]) -> int:
    before = len(stamps())
    send()
    wait_until(lambda: len(stamps()) > before, "the job's first line")
    return stamps()[-1]


@contextmanager
def _stack(home: Path) -> Iterator[None]:
    """A database, a broker and the two workers."""
    (home / "valkey").mkdir()
    valkey = Valkey(home / "valkey")
    os.environ |= {
        "ORCHESTRATOR_HOME_DIR": str(home),
        "ORCHESTRATOR_BROKER_URL": valkey.url,
        "ORCHESTRATOR_SECRET_KEY": "a key for a benchmark only",
        "BENCHMARK_STAMPS": str(home / "stamps"),
    }
    migrate(f"sqlite:///{home / 'orchestrator.sqlite'}")
    valkey.start()
    workers = [_worker(kind, home) for kind in ("ours", "raw")]
    try:
        yield
    finally:
        for worker in workers:
            worker.terminate()
            worker.wait(timeout=60)
        valkey.stop()


def _worker(kind: str, home: Path) -> subprocess.Popen[bytes]:
    with (home / f"{kind}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.stamps", kind], stdout=log, stderr=log
        )


def _result(ours: list[float], raw: list[float]) -> dict[str, object]:
    ratio = statistics.median(ours) / statistics.median(raw)
    return {
        "benchmark": "click_to_start",
        "ours_p50_ms": round(statistics.median(ours) * 1000, 2),
        "ours_p95_ms": round(statistics.quantiles(ours, n=20)[-1] * 1000, 2),
        "raw_celery_p50_ms": round(statistics.median(raw) * 1000, 2),
        "ratio": round(ratio, 2),
        "bar": BAR,
        "ok": ratio <= BAR,
    }


if __name__ == "__main__":
    main()
