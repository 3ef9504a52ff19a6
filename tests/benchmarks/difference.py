"""Two runs of 1,000,000 rows × 10 columns, kept and compared by key.

Run as `python -m tests.benchmarks.difference`. Every measurement is made in a fresh process. Of
the second run one row of a thousand is gone, one of a thousand is new, and in one of a hundred a
cell has changed; then all of them have. The difference is read to its end: its figures, and the
first lines of each sheet, as a workbook takes them.
"""

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from tasks.reports.difference.comparing import Kept, comparing
from tasks.reports.difference.sheets import MOST_LINES
from tasks.reports.kept.keys import known_keys
from tasks.reports.kept.writing import RowKeeper
from tasks.reports.limits import Limits
from tasks.rows import Row
from tests.benchmarks.xlsx import COLUMNS, batches, cpu_seconds

ROWS = 1_000_000
CPU_BAR, PEAK_BAR_MB = 15.0, 500
KEEPING_BAR_MB = KEYS_BAR_MB = 64
KEY, AMOUNT = "Belge no", 5
GONE, NEW_FROM, CHANGED, ALL = 1_000, 10_000_000, 100, 1


def measure(what: str, folder: Path) -> dict[str, float]:
    """Do one of the works in this process; returns its seconds and its peak."""
    idle = peak_mb()
    seconds = cpu_seconds(lambda: WORKS[what](folder))
    return {"cpu_s": seconds, "peak_mb": peak_mb(), "over_idle_mb": peak_mb() - idle}


def iterate(_folder: Path) -> None:
    for _batch in batches(ROWS):
        pass


def keep_first(folder: Path) -> None:
    keep(folder / "first.parquet", batches(ROWS))


def keep_few(folder: Path) -> None:
    keep(folder / "few.parquet", changed(CHANGED))


def keep_all(folder: Path) -> None:
    keep(folder / "all.parquet", changed(ALL))


def compare_few(folder: Path) -> None:
    compare(folder, "few")


def compare_all(folder: Path) -> None:
    compare(folder, "all")


def known(folder: Path) -> None:
    known_keys(folder / "first.parquet", [KEY])


WORKS = {
    work.__name__: work
    for work in (iterate, keep_first, keep_few, keep_all, compare_few, compare_all, known)
}


def keep(path: Path, rows: Iterator[list[Row]]) -> None:
    keeper = RowKeeper(path, Limits(10 * ROWS, 1_000))
    keeper.begin(COLUMNS)
    for batch in rows:
        keeper.write(batch)
    keeper.close()


def changed(every: int) -> Iterator[list[Row]]:
    """Yield the rows with some gone, some new, and a cell of each `every`-th row changed."""
    for batch in batches(ROWS):
        yield [later(row, every) for row in batch]


def later(row: Row, every: int) -> Row:
    number = row[0]
    assert isinstance(number, int)
    if number % GONE == 7:
        return (NEW_FROM + number, *row[1:])
    if number % every:
        return row
    return (*row[:AMOUNT], row[AMOUNT] + 1, *row[AMOUNT + 1 :])  # type: ignore[operator]


def compare(folder: Path, name: str) -> None:
    runs = Kept(1, folder / "first.parquet"), Kept(2, folder / f"{name}.parquet")
    with comparing(*runs, [KEY], folder=folder) as found:
        assert found.difference.new == found.difference.gone == ROWS // GONE
        for lines in (found.new, found.gone, found.changed):
            read(lines(MOST_LINES))


def read(lines: Iterator[object]) -> None:
    for _line in islice(lines, MOST_LINES):
        pass


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_fresh_process(what: str, folder: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.difference", what, folder]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = {what: in_fresh_process(what, folder) for what in WORKS}
    own = found["keep_first"]["cpu_s"] - found["iterate"]["cpu_s"]
    line(
        {
            "benchmark": "keeping_1m_rows",
            "cpu_s": round(own, 2),
            "over_idle_mb": round(found["keep_first"]["over_idle_mb"], 1),
            "bar": KEEPING_BAR_MB,
            "ok": found["keep_first"]["over_idle_mb"] <= KEEPING_BAR_MB,
        }
    )
    for name in ("few", "all"):
        compared = found[f"compare_{name}"]
        is_ok = compared["cpu_s"] <= CPU_BAR and compared["peak_mb"] <= PEAK_BAR_MB
        line(
            {
                "benchmark": f"difference_1m_rows_{name}_changed",
                "cpu_s": round(compared["cpu_s"], 2),
                "peak_mb": round(compared["peak_mb"]),
                "bar": CPU_BAR,
                "bar_mb": PEAK_BAR_MB,
                "ok": is_ok,
            }
        )
    keys = found["known"]
    line(
        {
            "benchmark": "known_keys_1m",
            "cpu_s": round(keys["cpu_s"], 2),
            "over_idle_mb": round(keys["over_idle_mb"], 1),
            "bar": KEYS_BAR_MB,
            "ok": keys["over_idle_mb"] <= KEYS_BAR_MB,
        }
    )


def line(result: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(result) + "\n")
    sys.stdout.flush()


def _one(arguments: Sequence[str]) -> None:
    line(measure(arguments[0], Path(arguments[1])))


if __name__ == "__main__":
    if len(sys.argv) == 3:
        _one(sys.argv[1:])
    else:
        main()
