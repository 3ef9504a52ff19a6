"""What the whole stack weighs while nothing happens: CPU seconds a minute, and megabytes (PSS).

Run as `python -m tests.benchmarks.idle_stack`. A real `orchestrator up` makes and mails its first
report, rests until that is digested, and is then watched for a minute. PSS divides memory that
processes share by their number, so the sum is what the machine gives.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from tests.engine.running_stack import RunningStack, command_line, running_stack

CPU_BAR, PSS_BAR_MB = 1.0, 400
REST_SECONDS, WATCHED_SECONDS = 15, 60
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Print one JSON line; return the exit code."""
    with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder) / "var") as stack:
        stack.wait_for("Task Orchestrator is ready")
        stack.wait_for("^  mail   /")
        time.sleep(REST_SECONDS)
        cpu = watched_cpu(stack)
        weights = {pid: pss(pid) for pid in stack.tree()}
        for pid, weight in weights.items():
            print(f"{weight:6.1f} MB  {command_line(pid)[:110]}", file=sys.stderr)  # noqa: T201
    return report(cpu, sum(weights.values()))


def report(cpu: float, weight: float) -> int:
    """Print what was measured against its bars."""
    ok = cpu <= CPU_BAR and weight <= PSS_BAR_MB
    result = {
        "benchmark": "idle_stack",
        "cpu_s_per_minute": round(cpu, 2),
        "pss_mb": round(weight),
        "bar": {"cpu_s_per_minute": CPU_BAR, "pss_mb": PSS_BAR_MB},
        "ok": ok,
    }
    print(json.dumps(result))  # noqa: T201 (the line is the product)
    return 0 if ok else 1


def watched_cpu(stack: RunningStack) -> float:
    """Return the CPU seconds that the stack used in a minute."""
    before = cpu_seconds(stack.tree())
    time.sleep(WATCHED_SECONDS)
    after = cpu_seconds(stack.tree())
    used = sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())
    return used * 60 / WATCHED_SECONDS


def cpu_seconds(pids: Iterable[int]) -> dict[int, float]:
    """Return what each process has used so far, in user and system mode."""
    used = {}
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        used[pid] = (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND
    return used


def pss(pid: int) -> float:
    """Return a process's share of memory in megabytes."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    sys.exit(main())
