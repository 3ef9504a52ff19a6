"""All formats of one report at once, against each of them alone.

Run as `python -m tests.benchmarks.formats`. Each report is written in a fresh process on the same
rows; making the rows is not counted.
"""

import json
import resource
import subprocess
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tasks.reports.files import ReportFiles
from tasks.reports.limits import Limits
from tasks.reports.render import Format, Language, Layout
from tests.benchmarks.xlsx import BATCH, COLUMNS, TITLE, batches, cpu_seconds, line

ROWS, BAR, GROWTH_BAR_MB = 100_000, 1.1, 10
LIMITS = Limits(rows=100_000_000, megabytes=1_000_000)


def measure(names: list[str], rows: int) -> dict[str, float]:
    """CPU seconds, and the peak above a process that has written the same files of one batch."""
    with TemporaryDirectory() as folder:
        write(Path(folder), names, BATCH * 4)
        idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        seconds = write(Path(folder), names, rows)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - idle
    return {"cpu_s": seconds, "peak_mb": peak / 1024}


def write(folder: Path, names: list[str], rows: int) -> float:
    paths = {folder / f"report.{name}": Format(name) for name in names}
    files = ReportFiles(paths, Layout(TITLE, Language.TURKISH), LIMITS)
    seconds = cpu_seconds(partial(files.begin, COLUMNS))
    seconds += sum(cpu_seconds(partial(files.write, batch)) for batch in batches(rows))
    return seconds + cpu_seconds(files.close)


def in_fresh_process(*names: str, rows: int = ROWS) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.formats", str(rows), *names]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def compare() -> None:
    every = [format.value for format in Format]
    alone = {name: in_fresh_process(name)["cpu_s"] for name in every}
    together = in_fresh_process(*every)
    ratio = together["cpu_s"] / sum(alone.values())
    line(
        {"benchmark": "six_formats_100k_rows"}
        | {f"{name}_cpu_s": round(seconds, 2) for name, seconds in alone.items()}
        | {"together_cpu_s": round(together["cpu_s"], 2), "ratio": round(ratio, 3)}
        | {"bar": BAR, "ok": ratio <= BAR}
    )
    growth = in_fresh_process(*every, rows=4 * ROWS)["peak_mb"] - together["peak_mb"]
    line(
        {"benchmark": "six_formats_memory_of_4_times_the_rows"}
        | {"growth_mb": round(growth, 1), "bar": GROWTH_BAR_MB, "ok": growth <= GROWTH_BAR_MB}
    )


if __name__ == "__main__":
    if len(sys.argv) > 2:
        line(measure(sys.argv[2:], int(sys.argv[1])))
    else:
        compare()
