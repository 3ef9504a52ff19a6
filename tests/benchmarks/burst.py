"""Many schedules due at one instant, fired by a real beat: how late, at what cost, beside others.

`python -m tests.benchmarks burst` prints a JSON line for each database and size, and one for each
peer. The workers' window is wide open and nobody works, so that all messages gather in the broker
and are counted there. Beside the large burst a schedule comes due every four seconds, at a lower
priority.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from tasks.clock import utcnow
from tasks.db import reading
from tasks.models import Run, ScheduleKind, TaskDefinition
from tests.benchmarks.peers import PEERS, QUEUE, start_peer
from tests.benchmarks.stage import DATABASES, Stage, cpu_seconds, stage
from tests.support.factories import a_schedule, a_task
from tests.support.many_rows import ISTANBUL, a_wide_worker, many_schedules
from tests.support.waiting import wait_until

SMALL, LARGE = 1_000, 10_000
SECONDS_BAR = {SMALL: 1.5, LARGE: 10.0}
CPU_MS_BAR = 1.0
SHORT_EVERY, SHORT_BAR = timedelta(seconds=4), 1.0
LONGEST_SECONDS = 240.0
EDGE = timedelta(seconds=0.5)
"""How long before the instant the counting of the processor's time begins."""


@dataclass(frozen=True, slots=True)
class Burst:
    """What one burst took: the last message after the instant, and beat's processor, in seconds."""

    size: int
    seconds: float
    cpu: float

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of the processor a message."""
        return 1_000 * self.cpu / self.size


def main() -> int:
    """Measure ours and the others on each database; return the exit code."""
    ok, cheapest = True, 0.0
    for database in DATABASES:
        with stage(database) as here:
            a_wide_worker(2 * LARGE, now=utcnow())
            small, large = _ours(here, SMALL), _ours(here, LARGE)
            cheapest = max(cheapest, large.cpu_ms)
            ok &= _report(database, small) & _report(database, large, _lateness())
    for peer in PEERS:
        with stage(peer.database) as here:
            _report_peer(peer.name, peer.database, _theirs(here, peer.name, peer.size), cheapest)
    return 0 if ok else 1


def _ours(here: Stage, size: int) -> Burst:
    """Fire so many schedules at once, the short one beside the large burst."""
    if size == LARGE:
        _every_four_seconds()
    before = here.messages()
    due_at = _minute_after(timedelta(seconds=12))
    cron = f"{due_at.astimezone(ZoneInfo(ISTANBUL)):%M %H} * * *"
    many_schedules(a_task(f"burst-{size}"), size, cron=cron, due_at=due_at)
    beat = here.processes.beat()
    try:
        return _watch(beat.pid, size, due_at, lambda: here.messages() - before)
    finally:
        here.processes.kill(beat)


def _theirs(here: Stage, peer: str, size: int) -> Burst:
    due_at = _minute_after(timedelta(seconds=20 + size / 400))
    process = start_peer(here, peer, size, due_at)
    try:
        return _watch(process.pid, size, due_at, lambda: here.messages_of(QUEUE))
    finally:
        process.kill()
        process.wait(timeout=10)


def _watch(leader: int, size: int, due_at: datetime, published: Callable[[], int]) -> Burst:
    """Wait for the instant, then for the last message."""
    time.sleep((due_at - EDGE - utcnow()).total_seconds())
    assert published() == 0, "messages came before their time"
    before = cpu_seconds(leader)
    wait_until(lambda: published() >= size, "the last message", seconds=LONGEST_SECONDS)
    seconds = (utcnow() - due_at).total_seconds()
    return Burst(size, seconds, cpu_seconds(leader) - before)


def _every_four_seconds() -> TaskDefinition:
    task = a_task("short", priority=4)
    first = utcnow().replace(microsecond=0) + SHORT_EVERY
    a_schedule(
        task,
        kind=ScheduleKind.INTERVAL,
        cron=None,
        interval_seconds=int(SHORT_EVERY.total_seconds()),
        starts_at=first,
        next_due_at=first,
        next_scheduled_for=first,
    )
    return task


def _lateness() -> dict[str, float]:
    """How late the short schedule was at worst: its row, and the mark of its message."""
    short = select(TaskDefinition.id).where(TaskDefinition.slug == "short").scalar_subquery()
    with reading() as session:
        runs = session.scalars(select(Run).where(Run.task_definition_id == short)).all()
    promised = [(run.created_at - run.due_at).total_seconds() for run in runs]
    told = [(run.published_at - run.due_at).total_seconds() for run in runs if run.published_at]
    return {
        "short_runs": len(runs),
        "short_promised_late_s": round(max(promised), 2),
        "short_published_late_s": round(max(told), 2),
    }


def _minute_after(lead: timedelta) -> datetime:
    return (utcnow() + lead + timedelta(minutes=1)).replace(second=0, microsecond=0)


def _report(database: str, burst: Burst, short: dict[str, float] | None = None) -> bool:
    ok = burst.seconds <= SECONDS_BAR[burst.size]
    ok &= burst.size == SMALL or burst.cpu_ms <= CPU_MS_BAR
    if short is not None:
        ok &= max(short["short_promised_late_s"], short["short_published_late_s"]) <= SHORT_BAR
    bar = {"last_published_s": SECONDS_BAR[burst.size], "cpu_ms_a_run": CPU_MS_BAR}
    _print(f"burst_{burst.size}", database, burst, {**(short or {}), "bar": bar, "ok": ok})
    return ok


def _report_peer(peer: str, database: str, burst: Burst, ours: float) -> None:
    ratio = round(burst.cpu_ms / ours, 2)
    _print(f"burst_{burst.size}_{peer}", database, burst, {"their_cpu_to_ours": ratio})


def _print(name: str, database: str, burst: Burst, more: dict[str, object]) -> None:
    result = {
        "benchmark": name,
        "database": database,
        "last_published_s": round(burst.seconds, 2),
        "cpu_ms_a_run": round(burst.cpu_ms, 2),
    }
    sys.stdout.write(json.dumps(result | more) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
