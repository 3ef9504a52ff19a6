"""With too little room on the disk a run waits, and begins once there is room."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.keeping import disk
from tasks.models import Alert, AlertKind, Attempt, Run, RunEvent, RunState
from tasks.queries.health import disk as health_of_disk
from tasks.runs.disk import look_at_the_disk
from tasks.runs.holds import settle
from tasks.runs.perform import perform
from tasks.settings import settings
from tests.support.factories import a_probe, a_run, a_task
from tests.support.rows import now


@pytest.fixture
def full(database: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More has to be free than this machine's disk has."""
    there = os.statvfs(home)
    need(monkeypatch, there.f_blocks * there.f_frsize // disk.MEGABYTE + 1)


def need(monkeypatch: pytest.MonkeyPatch, megabytes: int) -> None:
    monkeypatch.setenv("ORCHESTRATOR_DISK_FREE_MEGABYTES", str(megabytes))
    settings.cache_clear()


def alerts() -> list[Alert]:
    with reading() as session:
        return list(session.scalars(select(Alert)))


def test_a_run_waits_for_room_instead_of_failing_half_way(full: None) -> None:
    run = a_run()
    perform(run.id, worker="worker:1")
    assert (now(run).state, now(run).reason_code) == (RunState.QUEUED, "disk")
    assert now(run).attempt == 0
    assert now(run).reason.startswith("It waits until there is room")
    with reading() as session:
        assert session.scalars(select(Attempt)).all() == []
        assert len(session.scalars(select(RunEvent)).all()) == 1


def test_nothing_releases_it_before_there_is_room(full: None) -> None:
    run = a_run()
    perform(run.id, worker="worker:1")
    assert (settle(), look_at_the_disk()) == (0, 0)
    assert now(run).reason_code == "disk"


def test_it_is_released_once_there_is(full: None, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [a_run() for _ in range(3)]
    for run in runs:
        perform(run.id, worker="worker:1")
    need(monkeypatch, 0)
    assert look_at_the_disk() == 3
    assert {now(run).reason_code for run in runs} == {None}
    perform(runs[0].id, worker="worker:1")
    assert now(runs[0]).attempt == 1


def test_a_little_more_than_the_limit_is_no_room_yet_for_what_waits(
    full: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = a_run()
    perform(run.id, worker="worker:1")
    need(monkeypatch, int(disk.free_megabytes() / 1.05))
    assert disk.has_room()
    assert look_at_the_disk() == 0
    assert now(run).reason_code == "disk"
    need(monkeypatch, int(disk.free_megabytes() / 1.2))
    assert look_at_the_disk() == 1


def test_another_machine_with_room_takes_it_only_after_a_while(
    full: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = a_run()
    perform(run.id, worker="worker:1")
    monkeypatch.setattr("socket.gethostname", lambda: "another")
    need(monkeypatch, 0)
    assert look_at_the_disk() == 0
    with transaction() as session:
        session.execute(update(Run).values(updated_at=utcnow() - timedelta(minutes=2)))
    assert look_at_the_disk() == 1


def test_somebody_is_told_once_each_time_it_fills_up(
    full: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = settings().disk_free_megabytes
    for run in (a_run(), a_run()):
        perform(run.id, worker="worker:1")
    [alert] = alerts()
    assert alert.kind is AlertKind.DISK_FULL
    assert f"less than the {short} MB" in alert.sentence
    need(monkeypatch, 0)
    look_at_the_disk()
    need(monkeypatch, short)
    perform(a_run().id, worker="worker:1")
    assert len(alerts()) == 2


def test_the_clean_up_runs_however_full_it_is(full: None) -> None:
    run = a_run(a_task("clean-up", job="log_cleanup"))
    perform(run.id, worker="worker:1")
    assert now(run).attempt == 1


def test_the_health_page_says_that_no_run_begins(full: None) -> None:
    part = health_of_disk()
    assert not part.ok
    assert "so no run begins there" in part.sentence


def test_without_a_limit_nothing_waits(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    need(monkeypatch, 0)
    run = a_run(a_probe())
    perform(run.id, worker="worker:1")
    assert now(run).reason_code != "disk"


def test_many_claims_a_second_look_once(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Path] = []
    look = os.statvfs

    def counted(path: Path) -> os.statvfs_result:
        looked.append(path)
        return look(path)

    monkeypatch.setattr(os, "statvfs", counted)
    disk._has_room.cache_clear()
    for _ in range(1_000):
        assert disk.has_room()
    assert len(looked) <= 2
