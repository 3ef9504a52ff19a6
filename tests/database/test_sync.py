"""Schedules declared in code, on both databases."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tasks.db import reading, transaction
from tasks.errors import Conflict, Invalid
from tasks.models import Run, Schedule, ScheduleKind, ScheduleOrigin
from tasks.scheduling.declared import Declared, declared, declared_schedules
from tasks.scheduling.edit import change_schedule, pause
from tasks.scheduling.sync import Synced, sync, sync_with_code
from tasks.scheduling.tick import fire_due
from tasks.settings import settings
from tests.support.factories import a_schedule, a_task

NINE = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

HOURLY = declared("hourly", task="a-report", cron="0 * * * *", timezone="UTC")


def synced(*schedules: Declared, now: datetime = NINE) -> Synced:
    with transaction() as session:
        return sync(session, schedules, now=now)


def the_schedule(key: str = "hourly") -> Schedule:
    with reading() as session:
        return session.scalars(select(Schedule).where(Schedule.code_key == key)).one()


def pause_until(until: datetime) -> None:
    with transaction() as session:
        session.scalars(select(Schedule)).one().paused_until = until


def test_what_the_code_declares_is_a_schedule_that_counts_from_now(database: str) -> None:
    a_task()
    assert synced(HOURLY).added == ["hourly"]
    schedule = the_schedule()
    assert (schedule.origin, schedule.name) == (ScheduleOrigin.CODE, "hourly")
    assert schedule.next_due_at == NINE + HOUR


def test_what_has_not_changed_is_not_touched(database: str) -> None:
    a_task()
    synced(HOURLY)
    before = the_schedule()
    assert synced(HOURLY, now=NINE + 5 * HOUR).unchanged == ["hourly"]
    after = the_schedule()
    assert (after.updated_at, after.next_due_at) == (before.updated_at, before.next_due_at)


def test_a_change_in_the_code_changes_the_schedule_and_fires_nothing(database: str) -> None:
    a_task()
    synced(HOURLY)
    daily = declared("hourly", task="a-report", cron="0 7 * * *", timezone="UTC", priority=8)
    assert synced(daily, now=NINE + HOUR / 2).changed == ["hourly"]
    assert fire_due(now=NINE + HOUR / 2) == 0
    schedule = the_schedule()
    assert (schedule.cron, schedule.priority) == ("0 7 * * *", 8)
    assert schedule.next_due_at == NINE + timedelta(hours=22)


def test_one_that_left_the_code_is_switched_off_and_its_rows_stay(database: str) -> None:
    a_task()
    synced(HOURLY)
    fire_due(now=NINE + HOUR)
    assert synced(now=NINE + HOUR).switched_off == ["hourly"]
    assert not the_schedule().enabled
    with reading() as session:
        assert session.scalars(select(Run.schedule_id)).one() == the_schedule().id
    assert synced(now=NINE + HOUR) == Synced()


def test_one_that_comes_back_counts_from_then(database: str) -> None:
    a_task()
    synced(HOURLY)
    synced()
    assert synced(HOURLY, now=NINE + 5 * HOUR).switched_on == ["hourly"]
    assert the_schedule().next_due_at == NINE + 6 * HOUR


def test_a_pause_survives_a_sync_and_a_change(database: str) -> None:
    a_task()
    synced(HOURLY)
    pause_until(NINE + 9 * HOUR)
    synced(HOURLY)
    synced(declared("hourly", task="a-report", cron="30 * * * *", timezone="UTC"))
    assert the_schedule().paused_until == NINE + 9 * HOUR


def test_the_schedules_of_people_are_left_alone(database: str) -> None:
    own = a_schedule(a_task())
    synced(HOURLY)
    synced()
    with reading() as session:
        assert session.get_one(Schedule, own.id).enabled


def test_one_wrong_entry_is_named_and_nothing_is_done(database: str) -> None:
    a_task()
    wrong = (
        declared("lost", task="nothing", cron="0 9 * * *"),
        declared("bad", task="a-report", cron="99 9 * * *"),
        declared("there", task="a-report", cron="0 9 * * *", calendar="nowhere"),
        declared("given", task="a-report", cron="0 9 * * *", parameters={"day": "today"}),
        declared("urgent", task="a-report", cron="0 9 * * *", priority="high"),  # type: ignore[arg-type]
        declared("number", task="a-report", cron=9),  # type: ignore[arg-type]
    )
    for entry in wrong:
        with pytest.raises(Invalid, match=f"“{entry.key}”: "):
            synced(HOURLY, entry)
    with reading() as session:
        assert session.scalars(select(Schedule)).all() == []


def test_a_key_is_declared_once(database: str) -> None:
    with pytest.raises(Invalid, match="declared twice"):
        synced(HOURLY, HOURLY)


def test_every_kind_can_be_declared(database: str) -> None:
    a_task()
    kinds: Sequence[Declared] = (
        HOURLY,
        declared("often", task="a-report", every=timedelta(minutes=15)),
        declared("once", task="a-report", at=NINE + 3 * HOUR),
        declared("last-day", task="a-report", working_day=-1, time_of_day="18:00"),
        declared("rise", task="a-report", solar="sunrise", latitude=41.0, longitude=29.0),
    )
    synced(*kinds)
    with reading() as session:
        found = session.scalars(select(Schedule)).all()
    assert {schedule.kind for schedule in found} == set(ScheduleKind)
    assert all(schedule.next_due_at for schedule in found)
    assert synced(*kinds).unchanged == [one.key for one in kinds]


def test_what_can_mean_no_schedule_is_refused_where_it_is_declared() -> None:
    with pytest.raises(Invalid, match="give one of"):
        declared("two", task="a-report", cron="0 9 * * *", every=HOUR)
    with pytest.raises(Invalid, match="no time zone"):
        declared("naive", task="a-report", at=datetime(2026, 3, 16, 9, 0))
    with pytest.raises(Invalid, match="'holidays' is not a valid"):
        declared("odd", task="a-report", cron="0 9 * * *", on_holiday="holidays")
    with pytest.raises(Invalid, match="a key is"):
        declared("a b", task="a-report", cron="0 9 * * *")


def test_the_module_of_the_setting_is_read(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_task()
    monkeypatch.syspath_prepend(tmp_path)
    assert sync_with_code(now=NINE) is None
    (tmp_path / "plans_of_the_shop.py").write_text(
        "from tasks.scheduling.declared import declared\n"
        "SCHEDULES = [declared('hourly', task='a-report', cron='0 * * * *')]\n"
    )
    (tmp_path / "broken_plans.py").write_text("SCHEDULES = [unknown]\n")
    (tmp_path / "strange_plans.py").write_text("SCHEDULES = 3\n")
    set_module(monkeypatch, "plans_of_the_shop")
    done = sync_with_code(now=NINE)
    assert done is not None
    assert done.added == ["hourly"]
    for module, why in (
        ("broken_plans", "NameError"),
        ("no_such_plans", "ModuleNotFoundError"),
        ("strange_plans", "must be a list"),
    ):
        set_module(monkeypatch, module)
        with pytest.raises(Invalid, match=why):
            declared_schedules()
    for module in ("plans_of_the_shop", "strange_plans"):
        sys.modules.pop(module)


def set_module(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("ORCHESTRATOR_CODE_SCHEDULES", name)
    settings.cache_clear()


def test_an_instant_that_was_over_before_it_was_declared_is_left_out(database: str) -> None:
    a_task()
    assert synced(declared("once", task="a-report", at=NINE - HOUR), HOURLY).added == ["hourly"]


def test_a_person_may_pause_what_the_code_declares_but_not_change_it(database: str) -> None:
    task = a_task()
    synced(HOURLY)
    with transaction() as session:
        row = session.scalars(select(Schedule)).one()
        pause(session, row, until=None, now=NINE)
        with pytest.raises(Conflict, match="declared in code"):
            change_schedule(session, row, task, now=NINE, version=row.version, cron="0 1 * * *")
