"""The watch of a worker: when a scheduler counts as silent, and what the thread survives."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from tasks.clock import utcnow
from tasks.db import db_now, engine, reading, transaction
from tasks.models import Alert, AlertKind, Run, RunState, SchedulerMark
from tasks.settings import settings
from tasks.watch import SILENT_TICKS, Watch, look_after_the_scheduler
from tests.support.factories import a_run, a_schedule, a_task
from tests.support.waiting import wait_until

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _ticks_of_two_seconds(monkeypatch: pytest.MonkeyPatch, home: object) -> None:
    monkeypatch.setenv("ORCHESTRATOR_TICK_SECONDS", "2")
    settings.cache_clear()


def a_tick(ago: timedelta) -> None:
    """Let the scheduler's last pass be so long ago, by the database's clock."""
    with transaction() as session:
        at = session.scalars(select(db_now(-ago))).one()
        session.add(SchedulerMark(name="tick", at=at))


def alerts() -> list[str]:
    with reading() as session:
        silent = Alert.kind == AlertKind.SCHEDULER_SILENT
        return list(session.scalars(select(Alert.sentence).where(silent)))


def test_a_scheduler_that_worked_within_sixty_ticks_is_not_silent(database: str) -> None:
    a_tick(ago=SILENT_TICKS * timedelta(seconds=2) - MINUTE / 6)
    assert not look_after_the_scheduler()
    assert alerts() == []


def test_a_scheduler_that_has_not_worked_for_sixty_ticks_is_silent(database: str) -> None:
    a_tick(ago=SILENT_TICKS * timedelta(seconds=2) + MINUTE / 60)
    assert look_after_the_scheduler()
    [sentence] = alerts()
    assert sentence.startswith("The scheduler has not worked since ")
    assert "schedules due since: 0." in sentence


def test_an_installation_whose_scheduler_never_worked_has_nothing_to_miss(database: str) -> None:
    assert not look_after_the_scheduler()
    assert alerts() == []


def test_only_what_is_switched_on_and_due_is_counted(database: str) -> None:
    task = a_task()
    a_schedule(task, next_due_at=utcnow() - MINUTE)
    a_schedule(task, next_due_at=utcnow() - MINUTE, enabled=False)
    a_schedule(task, next_due_at=utcnow() + MINUTE)
    a_tick(ago=60 * MINUTE)
    look_after_the_scheduler()
    assert "schedules due since: 1." in alerts()[0]


def test_any_number_of_workers_tell_of_one_silence_once(database: str) -> None:
    a_tick(ago=60 * MINUTE)
    start = threading.Barrier(5)
    engine()

    def look(_: int) -> bool:
        start.wait(timeout=60)
        return look_after_the_scheduler()

    with ThreadPoolExecutor(5) as threads:
        assert all(threads.map(look, range(5)))
    assert look_after_the_scheduler()
    assert len(alerts()) == 1


def test_deadlines_are_watched_only_while_the_scheduler_does_not(database: str) -> None:
    run = a_run(start_by=utcnow() - MINUTE)
    look_after_the_scheduler()
    assert state(run) is RunState.QUEUED
    a_tick(ago=60 * MINUTE)
    look_after_the_scheduler()
    assert state(run) is RunState.SKIPPED


def state(run: Run) -> RunState:
    with reading() as session:
        return session.get_one(Run, run.id).state


@contextmanager
def watching(watch: Watch) -> Iterator[None]:
    watch.start()
    try:
        yield
    finally:
        watch.stop()


def test_the_watch_outlives_an_outage_of_the_database(database: str) -> None:
    broken, sound = [], []

    def fails() -> None:
        broken.append(1)
        with reading() as session:
            session.execute(text("SELECT nothing FROM nowhere"))

    with watching(Watch(0.01, fails, lambda: sound.append(1))):
        wait_until(lambda: len(broken) > 2 and len(sound) > 2, "it looks again and again")


def test_the_watch_ends_when_it_is_stopped() -> None:
    looked: list[int] = []
    with watching(Watch(0.01, lambda: looked.append(1))):
        wait_until(lambda: looked, "it looks")
    assert [one for one in threading.enumerate() if one.name == "watch"] == []


def test_a_fork_waits_until_nobody_looks_and_leaves_the_child_free_to_look() -> None:
    entered, over = threading.Event(), threading.Event()

    def look() -> None:
        entered.set()
        over.wait(timeout=60)

    with watching(Watch(60, look)):
        assert entered.wait(timeout=60)
        threading.Timer(0.2, over.set).start()
        child = os.fork()
        if child == 0:
            _look_in_the_child()
        assert over.is_set()
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _look_in_the_child() -> None:
    looked = threading.Event()
    Watch(60, looked.set).start()
    os._exit(0 if looked.wait(timeout=30) else 1)
