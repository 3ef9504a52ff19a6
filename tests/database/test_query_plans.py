"""With a million runs in the table, the engine reads by indexes only, and little of them."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel
from sqlalchemy import CTE, ColumnElement, Integer, case, cast, text
from sqlalchemy.orm import Session

from tasks import db
from tasks.clock import utcnow
from tasks.db import db_now, reading, transaction
from tasks.jobs.registry import JobContext, JobResult, job
from tasks.models import (
    Attempt,
    ChannelKind,
    Delivery,
    DeliveryState,
    Overlap,
    Queue,
    Run,
    RunEvent,
    RunState,
    Schedule,
    ScheduleKind,
    Source,
    TaskDefinition,
    Trigger,
)
from tasks.runs.perform import perform
from tasks.runs.reaper import give_back_runs
from tasks.runs.transitions import extend_lease, request_cancel
from tasks.scheduling.tick import fire_due, tick
from tests.support.clicking import promise_in
from tests.support.databases import start_anew
from tests.support.factories import a_run, a_schedule, a_task
from tests.support.many_rows import fill, series, without_indexes
from tests.support.plans import Plan, plans_of
from tests.support.valkey import Valkey

RUNS, SCHEDULES, TASKS = 1_000_000, 10_000, 20
WAITING = 1_000
MOST = {"sqlite": 5_000, "postgresql": 5_000}
"""Hundreds of SQLite's steps, and pages that PostgreSQL reads, for one statement: what waits may be
walked through, the history may not."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def history(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    migrated_sqlite: Path,
    valkey_server: Valkey,
) -> Iterator[None]:
    """A million ended runs with their events, and ten thousand schedules, on each database."""
    home = tmp_path_factory.mktemp("history")
    url = f"sqlite:///{home / 'orchestrator.sqlite'}"
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        if request.param == "sqlite":
            shutil.copy(migrated_sqlite, home / "orchestrator.sqlite")
        else:
            server = request.getfixturevalue("postgres_server")
            url = stack.enter_context(server.database())
        patch.setenv("ORCHESTRATOR_HOME_DIR", str(home))
        patch.setenv("ORCHESTRATOR_DATABASE_URL", url)
        patch.setenv("ORCHESTRATOR_BROKER_URL", valkey_server.url)
        patch.setenv("ORCHESTRATOR_BROKER_PREFIX", f"plans-{request.param}:")
        patch.setenv("ORCHESTRATOR_SECRET_KEY", "a key for tests only, never used elsewhere")
        start_anew()
        _write_history()
        yield
        start_anew()


@pytest.fixture(scope="module")
def work(history: None) -> TaskDefinition:
    """What a scheduler and a worker may meet: runs that wait for all reasons there are, and run."""
    task = a_task("limited", job="broken", max_running=2, settings={"source": "demo"})
    numbers, now = series(300), utcnow()
    row = {
        "task_definition_id": task.id,
        "task_version": 1,
        "trigger": Trigger.CODE,
        "scheduled_for": now,
        "due_at": now,
        "queued_at": now,
        "queue": "default",
        "source": "demo",
        "priority": task.priority,
    }
    fill(Run, series(WAITING), row | {"state": RunState.QUEUED, "task_definition_id": 1})
    fill(Run, numbers, row | {"state": RunState.QUEUED})
    fill(Run, numbers, row | {"state": RunState.QUEUED, "queue": "paused"})
    for code in ("queue_paused", "overlap", "task_busy", "queue_busy", "source_busy"):
        fill(Run, numbers, row | {"state": RunState.QUEUED, "reason_code": code})
    again = {"reason_code": "retry", "next_attempt_at": now}
    fill(Run, numbers, row | again | {"state": RunState.QUEUED})
    lease = {"lease_until": now + timedelta(hours=1), "lease_owner": "w:1", "attempt": 1}
    fill(Run, numbers, row | lease | {"state": RunState.RUNNING})
    with transaction() as session:
        session.add(Queue(name="paused", paused=True))
        session.add(Queue(name="default", max_running=3))
        session.add(Source(slug="demo", title="Demo", kind="duckdb", settings={}, max_running=5))
    return task


def test_a_tick_reads_little_whatever_it_finds(work: TaskDefinition) -> None:
    past = utcnow() - timedelta(minutes=1)
    a_run(work, state=RunState.RUNNING, lease_until=past, lease_owner="gone:1")
    a_run(work, start_by=past)
    a_run(work, finish_by=past)
    sent = a_run(work, state=RunState.SUCCEEDED, finish_by=past)
    _deliveries(sent)
    for overlap in Overlap:
        a_due_schedule(a_task(f"overlap-{overlap}", overlap=overlap), past)
    with plans_of(db.engine()) as plans:
        tick()
        tick()
    only_by_index(plans, at_least=20)


def test_an_attempt_reads_little_under_every_limit(work: TaskDefinition) -> None:
    free = a_task("free", job="broken", retry_on=["internal"], settings={"source": None})
    ended = a_task("ended", job="broken", max_attempts=1, settings={"source": None})
    runs = [a_run(task, queue="other") for task in (free, ended)]
    runs.append(a_run(work, source="demo"))
    with plans_of(db.engine()) as plans:
        for run in runs:
            perform(run.id, worker="w")
    with reading() as session:
        again, failed, unclaimed = _again(session, runs)
    assert (again.reason_code, failed.state) == ("retry", RunState.FAILED)
    assert (unclaimed.state, unclaimed.attempt) == (RunState.QUEUED, 0)
    only_by_index(plans, at_least=10)


def test_a_heartbeat_a_cancellation_and_a_stopped_worker_read_little(work: TaskDefinition) -> None:
    run = a_run(work, state=RunState.RUNNING, lease_until=utcnow(), lease_owner="worker-1:7")
    waiting = a_run(work)
    with plans_of(db.engine()) as plans:
        with transaction() as session:
            extend_lease(session, run.id, 1, lease=timedelta(seconds=20))
            request_cancel(session, run.id, actor="ayse", now=utcnow())
            request_cancel(session, waiting.id, actor="ayse", now=utcnow())
        assert give_back_runs("worker-1") == 1
    only_by_index(plans, at_least=6)


@pytest.mark.parametrize("overlap", [Overlap.ALLOW, Overlap.REPLACE])
def test_a_click_reads_little(history: None, overlap: Overlap) -> None:
    task = a_task(f"clicked-{overlap}", overlap=overlap, settings={"source": None})
    with plans_of(db.engine()) as plans, transaction() as session:
        for _ in ("first", "again"):
            promise_in(session, task, request_key=f"click-{overlap}")
    only_by_index(plans, at_least=2)


def test_a_missing_index_is_noticed(history: None) -> None:
    indexes = Schedule.metadata.tables["schedule"].indexes
    (index,) = (one for one in indexes if "next_due_at" in one.columns)
    index.drop(db.engine())
    db.engine().dispose()  # a connection remembers how it has explained a statement before
    try:
        with plans_of(db.engine()) as plans:
            fire_due(now=utcnow())
    finally:
        index.create(db.engine())
    with pytest.raises(AssertionError):
        only_by_index(plans, at_least=1)


def only_by_index(plans: list[Plan], *, at_least: int) -> None:
    """Fail with the statements that read a big table as a whole, or much of it."""
    most = MOST[db.engine().dialect.name]
    assert len(plans) >= at_least
    assert [str(plan) for plan in plans if plan.scans] == []
    assert [str(plan) for plan in plans if plan.cost > most] == []


class Anything(BaseModel, extra="allow"):
    """Whatever stands in the settings of a task."""


@job("broken")
def broken(context: JobContext, *, wanted: Anything) -> JobResult:
    """Fail in a way that nobody foresaw."""
    raise RuntimeError("it broke, as it was told")


def a_due_schedule(task: TaskDefinition, due_at: datetime) -> None:
    due_at = due_at.replace(second=0, microsecond=0)
    a_schedule(task, next_due_at=due_at, next_scheduled_for=due_at)


def _deliveries(run: Run) -> None:
    """One that waits, and one whose sender died."""
    long_ago = utcnow() - timedelta(hours=1)
    with transaction() as session:
        for state in (DeliveryState.QUEUED, DeliveryState.SENDING):
            address = f"{state}@b.example"
            sent = Delivery(run_id=run.id, recipient=address, message_id="<1@x>", state=state)
            sent.lease_until = long_ago
            session.add(sent)


def _again(session: Session, runs: list[Run]) -> list[Run]:
    return [session.get_one(Run, run.id) for run in runs]


def _write_history() -> None:
    for number in range(TASKS):
        a_task(f"report-{number}", retry_on=["worker_lost", "internal"], settings={"source": None})
    _fill_schedules(series(SCHEDULES))
    with without_indexes(Run):
        _fill_runs(series(RUNS))
    _fill_events(series(RUNS // 5))
    if db.engine().dialect.name == "postgresql":
        with db.engine().connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


def _fill_schedules(numbers: CTE) -> None:
    coming = utcnow() + timedelta(days=1)
    columns = {
        "task_definition_id": numbers.c.n % TASKS + 1,
        "name": "Every day",
        "kind": ScheduleKind.CRON,
        "cron": f"{coming:%M %H} * * *",
        "timezone": "UTC",
        "starts_at": coming - timedelta(days=30),
        "next_due_at": coming,
        "next_scheduled_for": coming,
    }
    fill(Schedule, numbers, columns)


def _fill_runs(numbers: CTE) -> None:
    """Ended runs, 17 seconds apart; some were skipped, and some have kept or missed a deadline."""
    n, at = numbers.c.n, _before(numbers)
    is_skipped = n % 50 == 0
    columns = {
        "task_definition_id": n % TASKS + 1,
        "task_version": 1,
        "schedule_id": n % SCHEDULES + 1,
        "trigger": Trigger.SCHEDULE,
        "scheduled_for": at,
        "due_at": at,
        "queued_at": at,
        "finished_at": at,
        "finish_by": case((n % 10 == 0, at)),
        "late_at": case((n % 10 == 0, at)),
        "start_by": case((n % 10 == 1, at)),
        "priority": n % 3 + 4,
        "queue": "default",
        "source": "demo",
        "attempt": case((is_skipped, 0), else_=1),
        "state": case((is_skipped, "skipped"), (n % 37 == 0, "failed"), else_="succeeded"),
        "reason_code": case((is_skipped, "missed")),
    }
    fill(Run, numbers, columns)


def _fill_events(numbers: CTE) -> None:
    at = _before(numbers)
    of_run: dict[str, object] = {"run_id": numbers.c.n, "state": RunState.SUCCEEDED}
    fill(RunEvent, numbers, of_run | {"attempt": 1})
    fill(Attempt, numbers, of_run | {"number": 1, "worker": "w", "started_at": at})
    to = {"recipient": "a@b.example", "channel": ChannelKind.EMAIL, "message_id": "<1@x>"}
    fill(Delivery, numbers, to | {"run_id": numbers.c.n, "state": DeliveryState.DELIVERED})


def _before(numbers: CTE) -> ColumnElement[datetime]:
    """The instant of the database's clock that many times 17 seconds ago."""
    return db_now(cast(numbers.c.n * -17, Integer()))  # type: ignore[arg-type]
