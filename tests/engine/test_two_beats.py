"""Schedules fire by themselves, once, however many schedulers there are."""

from datetime import timedelta
from itertools import pairwise

from sqlalchemy import func, select

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.models import Run, RunState, Schedule, ScheduleKind
from tasks.scheduling.edit import create_schedule, switch
from tests.support.factories import a_source, a_task
from tests.support.stack import Processes
from tests.support.waiting import wait_until


def a_schedule_every_second(name: str) -> Schedule:
    with transaction() as session:
        task = session.merge(a_task(name))
        return create_schedule(
            session,
            task,
            now=utcnow(),
            name=name,
            kind=ScheduleKind.INTERVAL,
            interval_seconds=1,
            timezone="UTC",
            enabled=True,
            parameters={},
            priority=None,
        )


def promised(schedule: Schedule) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).where(Run.schedule_id == schedule.id)) or 0


def test_with_two_beats_each_instant_of_a_schedule_has_one_run(processes: Processes) -> None:
    a_source()
    processes.beat()
    processes.beat()
    schedule = a_schedule_every_second("often")
    wait_until(lambda: promised(schedule) >= 5, "five instants were fired")
    with transaction() as session:
        switch(session, session.get_one(Schedule, schedule.id), enabled=False, now=utcnow())
    with reading() as session:
        runs = session.scalars(
            select(Run).where(Run.schedule_id == schedule.id).order_by(Run.scheduled_for)
        ).all()
    apart = [b.scheduled_for - a.scheduled_for for a, b in pairwise(runs)]
    assert set(apart) == {timedelta(seconds=1)}
    assert {run.state for run in runs} <= {RunState.QUEUED, RunState.SKIPPED}


def test_a_new_schedule_is_picked_up_by_a_running_beat_and_not_fired_by_its_making(
    processes: Processes,
) -> None:
    processes.beat()
    made_at = utcnow()
    schedule = a_schedule_every_second("new")
    wait_until(lambda: promised(schedule), "the first instant is fired", seconds=10)
    with reading() as session:
        first = session.scalar(select(func.min(Run.scheduled_for)))
    assert first is not None
    assert first > made_at - timedelta(seconds=1)
    assert first.microsecond == 0
