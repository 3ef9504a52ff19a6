"""200,000 rows of HANA to an Excel file: what a worker's child needs for it, and what is our part.

Run as `python -m tests.benchmarks.hana`. The rows come through SAP's own client from a server of
HANA's protocol, which is a process of its own and not counted. The child is a real worker's; its
peak is the kernel's own mark, reset before each run. Our part is what the whole run uses beyond a
loop that fetches the same rows with the same sizes and throws them away.
"""

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hdbcli import dbapi

from tasks.demo import company
from tasks.models import RunState, TaskDefinition
from tasks.sources.hana import FETCH_ROWS, FIRST_STATEMENTS
from tests.benchmarks.idle_stack import cpu_seconds, pss
from tests.benchmarks.stage import stage
from tests.engine.running_stack import children_of
from tests.support.clicking import click
from tests.support.factories import a_hana_source, a_task
from tests.support.hana import READER, SCRATCH, Hana
from tests.support.stack import wait_for_end
from tests.support.waiting import wait_until

ROWS, FEWER, FEWEST = 200_000, 20_000, 100
PEAK_BAR_MB, GROWTH_BAR_MB = 80, 5
LONGEST_SECONDS = 300

MADE = f"""
CREATE TABLE "{SCRATCH}"."Lines" AS SELECT range::INTEGER AS "No",
  lpad((range * 7919 % 10000000)::VARCHAR, 8, '0') AS "Code",
  'Çağrı Şimşek ' || range % 5000 || ' Ltd. Şti.' AS "Name",
  DATE '2020-01-01' + (range % 2000)::INTEGER AS "Day",
  TIMESTAMP '2020-01-01' + to_seconds(range * 401 % 100000000) AS "Made",
  (range * 13 % 100000000 / 100)::DECIMAL(21, 6) AS "Amount",
  (range * 13 % 100000000 / 500)::DECIMAL(21, 6) AS "Tax",
  CASE WHEN range % 3 = 0 THEN 'Sevkiyat öncesi aranacak' END AS "Note",
  (range % 1000)::INTEGER AS "Quantity",
  CASE WHEN range % 5 > 0 THEN DATE '2020-02-01' + (range % 2000)::INTEGER END AS "Due"
FROM range({ROWS});
""" + "".join(
    f'COMMENT ON COLUMN "{SCRATCH}"."Lines"."{name}" IS \'NVARCHAR({length})\';'
    for name, length in (("Code", 50), ("Name", 100), ("Note", 254))
)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run cost the child that made it: CPU seconds, and its peak in megabytes."""

    cpu: float
    peak: float


def main() -> int:
    """Print one JSON line about memory and one about CPU; return the exit code."""
    with tempfile.TemporaryDirectory(prefix="orchestrator-bench-") as folder:
        built = Path(folder) / "demo.duckdb"
        company.build(built, until=date(2026, 11, 20))
        hana = Hana(built)
        try:
            hana.run(MADE)
            return measure(hana)
        finally:
            hana.stop()


def measure(hana: Hana) -> int:
    with stage("sqlite") as here:
        settings = {"address": hana.host, "port": hana.port, "user": READER[0], "encrypt": False}
        kept = settings | {"schema": SCRATCH, "connect_seconds": 10, "query_seconds": 600}
        a_hana_source(hana.port, password=READER[1], settings=kept)
        worker = here.processes.worker(ORCHESTRATOR_WORKER_SLOTS="1")
        wait_until(lambda: len(children_of(worker.pid)) == 1, "the worker has its child")
        [child] = children_of(worker.pid)
        idle, idle_pss = resident(child), pss(child)
        warm, few, many = (cost(child, rows) for rows in (FEWEST, FEWER, ROWS))
        fetched = fetch_alone(hana.port)
    ok = many.peak - idle <= PEAK_BAR_MB and many.peak - few.peak <= GROWTH_BAR_MB
    line(
        {
            "benchmark": "hana_memory",
            "rows": ROWS,
            "idle_mb": round(idle, 1),
            "idle_pss_mb": round(idle_pss, 1),
            "above_idle_100_rows_mb": round(warm.peak - idle, 1),
            "above_idle_20k_rows_mb": round(few.peak - idle, 1),
            "above_idle_mb": round(many.peak - idle, 1),
            "growth_mb": round(many.peak - few.peak, 1),
            "bar": {"above_idle_mb": PEAK_BAR_MB, "growth_mb": GROWTH_BAR_MB},
            "ok": ok,
        }
    )
    line(
        {
            "benchmark": "hana_cpu",
            "rows": ROWS,
            "whole_run_cpu_s": round(many.cpu, 2),
            "fetch_alone_cpu_s": round(fetched, 2),
            "our_share": round(1 - fetched / many.cpu, 2),
            "ratio_to_fetch": round(many.cpu / fetched, 2),
            "ok": True,
        }
    )
    return 0 if ok else 1


def cost(child: int, rows: int) -> Cost:
    """Let the worker make the report of so many rows."""
    Path(f"/proc/{child}/clear_refs").write_text("5")
    before = cpu_seconds([child])[child]
    run = click(the_task(rows))
    ended = wait_for_end(run.id, seconds=LONGEST_SECONDS)
    if (ended.state, ended.rows) != (RunState.SUCCEEDED, rows):
        raise AssertionError(f"{ended.state} with {ended.rows} rows: {ended.error}")
    return Cost(cpu_seconds([child])[child] - before, resident(child, "VmHWM"))


def the_task(rows: int) -> TaskDefinition:
    sql = f'SELECT * FROM "Lines" WHERE "No" < {rows}'
    return a_task(f"rows-{rows}", settings={"source": "hana", "sql": sql, "formats": ["xlsx"]})


def resident(pid: int, field: str = "VmRSS") -> float:
    """A process's memory in megabytes, now or (VmHWM) at its peak since the mark was reset."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(one.split()[1]) for one in lines if one.startswith(field)) / 1024


def fetch_alone(port: int) -> float:
    """CPU seconds of a fresh process that fetches the rows and does nothing with them."""
    command = [sys.executable, "-m", "tests.benchmarks.hana", "fetch", str(port)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout)


def fetch(port: int) -> float:
    """Fetch as the source does; returns the CPU seconds since the connection stood."""
    connection = dbapi.connect(
        address=Hana.host, port=port, user=READER[0], password=READER[1], currentSchema=SCRATCH
    )
    with closing(connection):
        cursor = connection.cursor()
        for statement in FIRST_STATEMENTS:
            cursor.execute(statement)
        before = own_cpu()
        cursor.setfetchsize(FETCH_ROWS)
        cursor.execute('SELECT * FROM "Lines"')
        while cursor.fetchmany(FETCH_ROWS):
            pass
        return own_cpu() - before


def own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def line(result: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(result) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1:2] == ["fetch"]:
        sys.stdout.write(str(fetch(int(sys.argv[2]))))
    else:
        sys.exit(main())
