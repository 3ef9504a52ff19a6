"""Beat outlives whatever breaks a pass, and a pass that broke is seen by others."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from tasks.beat import DatabaseScheduler
from tasks.celery_app import app
from tasks.clock import utcnow
from tasks.db import db_now, engine, reading, transaction
from tasks.models import Run, RunState, Schedule, SchedulerMark
from tasks.scheduling import tick as a_pass
from tasks.settings import settings
from tasks.watch import SILENT_TICKS, look_after_the_scheduler
from tests.support.factories import a_run, a_schedule, a_task
from tests.support.valkey import Valkey

SECOND = timedelta(seconds=1)


def a_beat() -> DatabaseScheduler:
    """A scheduler as beat makes it, without its watches."""
    return DatabaseScheduler(app, lazy=True)


def ticked_at() -> object:
    with reading() as session:
        return session.scalar(select(SchedulerMark.at).where(SchedulerMark.name == "tick"))


def let_pass(length: timedelta) -> None:
    with transaction() as session:
        session.execute(update(SchedulerMark).values(at=db_now(-length)))


def spell_state_of(run: Run, trigger: str) -> None:
    """Write a word into the row that no program of ours knows."""
    with engine().begin() as connection:
        connection.execute(text(f"UPDATE run SET trigger = '{trigger}' WHERE id = {run.id}"))


def a_minutely() -> Schedule:
    due = utcnow() - SECOND
    return a_schedule(a_task("good"), next_due_at=due.replace(microsecond=0))


def test_beat_outlives_a_pass_that_breaks_and_the_others_see_it(
    broker: Valkey, caplog: pytest.LogCaptureFixture
) -> None:
    dead = a_run(a_task(), state=RunState.RUNNING, lease_until=utcnow() - 60 * SECOND)
    beat = a_beat()
    beat.tick()
    spell_state_of(a_run(state=RunState.RUNNING, lease_until=utcnow() - SECOND), "moon")
    let_pass((SILENT_TICKS + 5) * settings().tick_seconds * SECOND)
    silent = ticked_at()
    with caplog.at_level(logging.ERROR):
        assert beat.tick() == settings().tick_seconds
        assert beat.tick() == settings().tick_seconds
    broke = [record for record in caplog.records if record.message == "tick broke"]
    assert [record.exc_info is not None for record in broke] == [True, True]
    assert ticked_at() == silent
    assert look_after_the_scheduler()
    assert dead.id


def test_a_schedule_that_cannot_be_fired_lets_beat_rest_and_the_others_run(
    broker: Valkey,
) -> None:
    bad, good = a_schedule(a_task("bad"), next_due_at=utcnow() - SECOND), a_minutely()
    with engine().begin() as connection:
        connection.execute(text(f"UPDATE schedule SET kind = 'lunar' WHERE id = {bad.id}"))
    beat = a_beat()
    beat.tick()
    with reading() as session:
        assert session.scalars(select(Run.schedule_id).distinct()).all() == [good.id]
    let_pass(SECOND)
    assert beat.tick() > a_pass.SHORTEST_REST
    before = ticked_at()
    beat.tick()
    assert ticked_at() != before
