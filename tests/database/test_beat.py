"""Beat outlives whatever breaks a pass, and a pass that broke is seen by others."""

import logging
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text, update

from tasks.beat import DatabaseScheduler
from tasks.celery_app import app
from tasks.clock import utcnow
from tasks.db import db_now, engine, reading, transaction
from tasks.models import CatchUp, Run, SchedulerMark
from tasks.scheduling import firing
from tasks.scheduling import tick as a_pass
from tasks.settings import settings
from tasks.watch import SILENT_TICKS, look_after_the_scheduler
from tests.support.factories import a_schedule, a_task
from tests.support.valkey import Valkey

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def a_beat() -> DatabaseScheduler:
    """A scheduler as beat makes it, without its watches."""
    return DatabaseScheduler(app, lazy=True)


def ticked_at() -> datetime | None:
    with reading() as session:
        return session.scalar(select(SchedulerMark.at).where(SchedulerMark.name == "tick"))


def let_pass(length: timedelta) -> None:
    """Set the marks back, as if so much time had passed since they were left."""
    with transaction() as session:
        session.execute(update(SchedulerMark).values(at=db_now(-length)))


def execute(statement: str) -> None:
    with engine().begin() as connection:
        connection.execute(text(statement))


def fired() -> list[int | None]:
    with reading() as session:
        return list(session.scalars(select(Run.schedule_id).order_by(Run.scheduled_for)))


def due_since(minutes: int) -> datetime:
    return utcnow().replace(second=0, microsecond=0) - minutes * MINUTE


def test_beat_outlives_a_pass_that_breaks_and_the_others_see_that_none_succeeds(
    broker: Valkey, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    beat = a_beat()
    beat.tick()
    monkeypatch.setattr(a_pass, "BATCHES_A_TICK", None)
    let_pass((SILENT_TICKS + 5) * settings().tick_seconds * SECOND)
    silent = ticked_at()
    with caplog.at_level(logging.ERROR):
        assert [beat.tick(), beat.tick()] == [settings().tick_seconds] * 2
    broke = [record for record in caplog.records if record.message == "tick broke"]
    assert [record.exc_info is not None for record in broke] == [True, True]
    assert ticked_at() == silent
    assert look_after_the_scheduler()


def test_beat_goes_on_once_the_cause_is_gone(broker: Valkey) -> None:
    beat = a_beat()
    execute("ALTER TABLE delivery RENAME TO delivery_away")
    beat.tick()
    before = ticked_at()
    execute("ALTER TABLE delivery_away RENAME TO delivery")
    beat.tick()
    assert ticked_at() != before


def test_a_schedule_that_cannot_be_fired_lets_beat_rest_and_the_others_run(
    broker: Valkey,
) -> None:
    bad = a_schedule(a_task("bad"), next_due_at=due_since(0), cron="0 0 1 1 *")
    good = a_schedule(a_task("good"), next_due_at=due_since(0), cron="0 0 1 1 *")
    execute(f"UPDATE schedule SET kind = 'lunar' WHERE id = {bad.id}")
    beat = a_beat()
    beat.tick()
    assert fired() == [good.id]
    assert beat.tick() > a_pass.SHORTEST_REST
    assert not look_after_the_scheduler()


def test_a_pass_begins_no_batch_after_its_time_and_the_next_one_follows_at_once(
    broker: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(a_pass, "FIRING_TICKS", 0)
    monkeypatch.setattr(firing, "ROWS_AT_ONCE", 1)
    schedule = a_schedule(a_task(), next_due_at=due_since(2), catch_up=CatchUp.ALL)
    assert a_pass.tick() == 0
    assert fired() == [schedule.id]
    assert a_pass.tick() == 0
    assert fired() == [schedule.id] * 2
