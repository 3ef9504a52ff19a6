"""Our CSV writer against a loop over csv.writer that makes the same conversions.

Run as `python -m tests.benchmarks.csv`. Each works in a fresh process on the same rows; making the
rows is not counted.
"""

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from tasks.reports.render import Format, Language, Layout, open_renderer
from tasks.rows import Row
from tests.benchmarks.xlsx import COLUMNS, TITLE, Writer, batches, cpu_seconds, line

ROWS, BAR = 1_000_000, 1.3
STARTS = frozenset("=+-@\t\r\n")

Write = Callable[[list[Row]], object]


def ours(path: Path) -> tuple[Write, Callable[[], object]]:
    renderer = open_renderer(Format.CSV, path, COLUMNS, Layout(TITLE, Language.TURKISH))
    return renderer.write, renderer.close


def bare(path: Path) -> tuple[Write, Callable[[], object]]:
    file = path.open("w", encoding="utf-8-sig", newline="")
    writer = csv.writer(file, delimiter=";")
    writer.writerow([column.name for column in COLUMNS])

    def write(batch: list[Row]) -> None:
        for row in batch:
            writer.writerow([converted(value) for value in row])

    return write, file.close


def converted(value: object) -> object:
    """The value as our file has it."""
    if isinstance(value, str):
        return f"'{value}" if value[:1] in STARTS else value
    if isinstance(value, Decimal):
        return str(value).replace(".", ",")
    if isinstance(value, datetime):
        text = value.isoformat(" ")
        return f"{text[8:10]}.{text[5:7]}.{text[:4]}{text[10:]}"
    if isinstance(value, date):
        text = value.isoformat()
        return f"{text[8:10]}.{text[5:7]}.{text[:4]}"
    return value


WRITERS: dict[str, Writer] = {"ours": ours, "bare": bare}


def measure(writer: str) -> float:
    """CPU seconds of writing."""
    with TemporaryDirectory() as folder:
        write, close = WRITERS[writer](Path(folder) / "rows.csv")
        seconds = sum(cpu_seconds(lambda rows=batch: write(rows)) for batch in batches(ROWS))  # type: ignore[misc]
        return seconds + cpu_seconds(close)


def in_fresh_process(writer: str) -> float:
    command = [sys.executable, "-m", "tests.benchmarks.csv", writer]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(json.loads(done.stdout)["cpu_s"])


def compare() -> None:
    cpu = {writer: in_fresh_process(writer) for writer in WRITERS}
    ratio = cpu["ours"] / cpu["bare"]
    line(
        {"benchmark": "csv_1m_rows"}
        | {f"{writer}_cpu_s": round(seconds, 2) for writer, seconds in cpu.items()}
        | {"ratio": round(ratio, 3), "bar": BAR, "ok": ratio <= BAR}
    )


if __name__ == "__main__":
    if len(sys.argv) == 2:
        line({"cpu_s": measure(sys.argv[1])})
    else:
        compare()
