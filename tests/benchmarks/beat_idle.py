"""What beat costs while 100,000 schedules wait for another day, and how soon an edit counts.

`python -m tests.benchmarks beat_idle` prints two JSON lines for each database, of a real
`orchestrator beat`: processor seconds a minute and megabytes (PSS); and from the commit that makes
a schedule due to the row of its run.
"""

import json
import statistics
import sys
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.models import Run, Schedule, ScheduleKind, TaskDefinition
from tasks.scheduling.edit import change_schedule
from tests.benchmarks.idle_stack import pss
from tests.benchmarks.stage import DATABASES, cpu_seconds, stage
from tests.support.factories import a_schedule, a_task
from tests.support.many_rows import ISTANBUL, many_schedules
from tests.support.waiting import wait_until

SCHEDULES, EDITS = 100_000, 10
REST_SECONDS, WATCHED_SECONDS = 3, 60
CPU_BAR, PSS_BAR_MB, EDIT_BAR_SECONDS = 0.5, 120, 1.0
SOON = timedelta(milliseconds=20)


def main() -> int:
    """Measure on each database; return the exit code."""
    kept = [_measure(database) for database in DATABASES]
    return 0 if all(kept) else 1


def _measure(database: str) -> bool:
    with stage(database) as here:
        task = a_task("quiet")
        tomorrow = (utcnow() + timedelta(days=1)).replace(second=0, microsecond=0)
        cron = f"{tomorrow.astimezone(ZoneInfo(ISTANBUL)):%M %H} * * *"
        many_schedules(task, SCHEDULES, cron=cron, due_at=tomorrow)
        beat = here.processes.beat()
        time.sleep(REST_SECONDS)
        before = cpu_seconds(beat.pid)
        time.sleep(WATCHED_SECONDS)
        cpu = (cpu_seconds(beat.pid) - before) * 60 / WATCHED_SECONDS
        weight = pss(beat.pid)
        edits = [_edit(task, tomorrow, number) for number in range(EDITS)]
    idle = _report_idle(database, cpu, weight)
    return _report_edits(database, edits) and idle


def _edit(task: TaskDefinition, tomorrow: datetime, number: int) -> float:
    """Let a schedule be due now; return the seconds from the commit to the row of its run."""
    schedule = a_schedule(
        task,
        name=f"Edited {number}",
        cron=f"{tomorrow:%M %H} * * *",
        next_due_at=tomorrow,
        next_scheduled_for=tomorrow,
    )
    time.sleep(number / EDITS)  # so that the edits fall on all parts of a second
    with transaction() as session:
        row = session.get_one(Schedule, schedule.id)
        now = utcnow()
        once = {"kind": ScheduleKind.ONCE, "cron": None, "once_at": now + SOON}
        change_schedule(session, row, task, now=now, version=row.version, **once)
    committed = time.monotonic()
    wait_until(lambda: _was_run(schedule), "the run of the schedule")
    return time.monotonic() - committed


def _was_run(schedule: Schedule) -> bool:
    with reading() as session:
        found = select(Run.id).where(Run.schedule_id == schedule.id)
        return session.scalar(found.limit(1)) is not None


def _report_idle(database: str, cpu: float, weight: float) -> bool:
    ok = cpu <= CPU_BAR and weight <= PSS_BAR_MB
    measured = {"cpu_s_per_minute": round(cpu, 2), "pss_mb": round(weight)}
    bar = {"cpu_s_per_minute": CPU_BAR, "pss_mb": PSS_BAR_MB}
    _print({"benchmark": "beat_idle", "database": database} | measured | {"bar": bar, "ok": ok})
    return ok


def _report_edits(database: str, edits: list[float]) -> bool:
    ok = max(edits) <= EDIT_BAR_SECONDS
    measured = {"p50_s": round(statistics.median(edits), 2), "max_s": round(max(edits), 2)}
    bar = {"max_s": EDIT_BAR_SECONDS}
    _print({"benchmark": "edit_counts", "database": database} | measured | {"bar": bar, "ok": ok})
    return ok


def _print(result: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(result) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
