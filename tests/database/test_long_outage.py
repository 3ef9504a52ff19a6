"""A long outage is worked off in steps: each of a bounded length, nothing lost, nothing twice."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tasks.db import reading
from tasks.models import CatchUp, Overlap, Run, Schedule, TaskDefinition
from tasks.queries.ledger import Standing, ledger
from tasks.scheduling import due, firing
from tasks.scheduling.tick import fire_due
from tests.support.factories import a_schedule, a_task

NINE = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)  # a Monday
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = 7 * DAY
ALL_OF_A_WEEK = {"catch_up": CatchUp.ALL, "catch_up_window_seconds": 7 * 86_400}


def an_hourly(task: TaskDefinition, **values: Any) -> Schedule:
    """A schedule that has counted since nine, and whose every missed instant is caught up."""
    row = {"cron": "0 * * * *", "next_due_at": NINE, "starts_at": NINE, "created_at": NINE}
    return a_schedule(task, **(row | ALL_OF_A_WEEK | values))


def rows_of(schedule: Schedule | None = None) -> int:
    wanted = select(func.count()).select_from(Run)
    if schedule is not None:
        wanted = wanted.where(Run.schedule_id == schedule.id)
    with reading() as session:
        return session.scalar(wanted) or 0


def fates(schedule: Schedule) -> list[str]:
    with reading() as session:
        rows = session.scalars(
            select(Run).where(Run.schedule_id == schedule.id).order_by(Run.scheduled_for)
        )
        return [run.reason_code or run.state for run in rows]


def kept(schedule: Schedule) -> Schedule:
    with reading() as session:
        return session.get_one(Schedule, schedule.id)


def work_off(now: datetime, *, resumed_at: datetime) -> list[int]:
    """Fire until nothing is due; return how many rows each step wrote."""
    steps, before = [], rows_of()
    while fire_due(now=now, resumed_at=resumed_at):
        steps.append(rows_of() - before)
        before += steps[-1]
    return steps


def test_a_step_writes_no_more_rows_than_one_transaction_may(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firing, "ROWS_AT_ONCE", 50)
    schedules = [an_hourly(a_task(f"report-{number}")) for number in range(3)]
    back = NINE + 2 * DAY
    steps = work_off(back, resumed_at=back)
    assert max(steps) == 50
    assert [fates(one) for one in schedules] == [["queued"] * 49] * 3


def test_a_step_looks_at_no_more_instants_than_one_transaction_may(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firing, "INSTANTS_AT_ONCE", 200)
    for number in range(3):
        a_schedule(a_task(f"report-{number}"), next_due_at=NINE)
    back = NINE + 250 * MINUTE
    assert work_off(back, resumed_at=back) == [2, 2, 2]


def test_what_looks_at_the_run_before_is_promised_in_shorter_steps(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firing, "ROWS_AT_ONCE", 50)
    schedule = an_hourly(a_task(overlap=Overlap.REPLACE))
    back = NINE + 11 * HOUR
    assert work_off(back, resumed_at=back) == [5, 5, 2]
    with reading() as session:
        states = session.scalars(select(Run.state).order_by(Run.scheduled_for)).all()
    assert states == ["cancelled"] * 11 + ["queued"]
    assert kept(schedule).next_due_at == back + HOUR


def test_between_two_steps_the_schedule_says_the_first_instant_that_is_still_to_write(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firing, "ROWS_AT_ONCE", 20)
    schedule = an_hourly(a_task())
    back = NINE + 2 * DAY
    fire_due(now=back, resumed_at=back)
    first = NINE + 20 * HOUR
    assert (kept(schedule).next_scheduled_for, kept(schedule).next_due_at) == (first, first)
    with reading() as session:
        lines = ledger(
            session, kept(schedule), since=NINE, until=back + MINUTE, now=back + MINUTE
        ).lines
    standings = [line.standing for line in lines]
    assert standings == [Standing.HAPPENED] * 20 + [Standing.DUE] * 29


def test_what_is_due_every_few_seconds_does_not_wait_for_what_is_caught_up(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firing, "ROWS_AT_ONCE", 10)
    for number in range(60):
        an_hourly(a_task(f"report-{number}"))
    back = NINE + 2 * DAY
    often = a_schedule(a_task("often"), next_due_at=back)
    fire_due(now=back + MINUTE / 2, resumed_at=back - MINUTE)
    assert fates(often) == ["queued"]
    assert rows_of() == 10


def test_a_second_scheduler_that_takes_over_in_the_middle_writes_nothing_twice(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firing, "ROWS_AT_ONCE", 20)
    schedule = an_hourly(a_task())
    back = NINE + 2 * DAY
    fire_due(now=back, resumed_at=back)
    work_off(back + HOUR, resumed_at=back + HOUR / 2)  # it was away for half an hour as well
    assert fates(schedule) == ["queued"] * 50


def test_the_window_is_counted_from_the_end_of_the_outage_however_late_the_step(
    database: str,
) -> None:
    schedule = an_hourly(a_task(), catch_up_window_seconds=2 * 3_600)
    back = NINE + 5 * HOUR
    fire_due(now=back + HOUR / 2, resumed_at=back)
    assert fates(schedule) == ["missed"] * 3 + ["queued"] * 3


@pytest.mark.parametrize("missed", range(2, 9))
def test_the_last_missed_instant_is_run_once_wherever_a_part_of_the_outage_ends(
    database: str, monkeypatch: pytest.MonkeyPatch, missed: int
) -> None:
    monkeypatch.setattr(due, "MOST_INSTANTS", 3)
    schedule = a_schedule(a_task(), next_due_at=NINE, catch_up=CatchUp.LAST)
    back = NINE + (missed - 1) * MINUTE
    work_off(back + 2 * MINUTE, resumed_at=back)
    assert fates(schedule) == ["missed"] * (missed - 1) + ["queued"] * 3


def test_the_newest_in_the_window_are_caught_up_across_the_parts_of_an_outage(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "MOST_INSTANTS", 10)
    monkeypatch.setattr(due, "MOST_CAUGHT_UP", 4)
    schedule = an_hourly(a_task())
    back = NINE + DAY
    work_off(back, resumed_at=back)
    assert fates(schedule) == ["missed"] * 21 + ["queued"] * 4


def test_a_week_without_a_scheduler_is_worked_off_in_steps_that_are_short(database: str) -> None:
    for number in range(10):
        a_schedule(a_task(f"report-{number}"), next_due_at=NINE, **ALL_OF_A_WEEK)
    back = NINE + WEEK
    steps = work_off(back, resumed_at=back)
    assert max(steps) <= firing.ROWS_AT_ONCE
    with reading() as session:
        instants = session.scalar(select(func.sum(Run.instants)))
        runs = session.scalar(select(func.count()).where(Run.state == "queued"))
    assert instants == 10 * (7 * 24 * 60 + 1)
    assert runs == 10 * due.MOST_CAUGHT_UP
