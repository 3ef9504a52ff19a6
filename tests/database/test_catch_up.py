"""What becomes of the instants that nobody fired: missed, caught up, or folded into one row."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tasks.db import reading
from tasks.models import (
    Alert,
    CatchUp,
    Run,
    ScheduleKind,
)
from tasks.runs.deadlines import pass_deadlines
from tasks.scheduling import due
from tasks.scheduling.tick import fire_due
from tests.database.due_instants import DAY, MINUTE, MISSED, NINE, RUN, ledger
from tests.support.factories import a_schedule, a_task


def fire_after_outage(minutes: int, **values: Any) -> list[str]:
    a_schedule(a_task(), next_due_at=NINE, **values)
    now = NINE + minutes * MINUTE
    fire_due(now=now, resumed_at=now)
    return ledger()


def test_after_an_outage_all_is_skipped_where_nothing_is_to_be_caught_up(database: str) -> None:
    assert fire_after_outage(4, catch_up=CatchUp.SKIP) == [MISSED] * 5


def test_after_an_outage_the_last_is_run(database: str) -> None:
    assert fire_after_outage(4, catch_up=CatchUp.LAST) == [MISSED] * 4 + [RUN]


def test_after_an_outage_all_are_run_where_all_are_to_be_caught_up(database: str) -> None:
    assert fire_after_outage(4, catch_up=CatchUp.ALL) == [RUN] * 5


def test_only_what_lies_in_the_window_is_caught_up(database: str) -> None:
    found = fire_after_outage(4, catch_up=CatchUp.ALL, catch_up_window_seconds=120)
    assert found == [MISSED] * 2 + [RUN] * 3


def test_what_was_due_after_the_outage_is_run_whatever_the_rule(database: str) -> None:
    a_schedule(a_task(), next_due_at=NINE, catch_up=CatchUp.SKIP)
    fire_due(now=NINE + 3 * MINUTE, resumed_at=NINE + MINUTE)
    assert ledger() == [MISSED, MISSED, RUN, RUN]


def test_the_missed_days_of_a_daily_report_are_a_row_each(database: str) -> None:
    a_schedule(a_task(), next_due_at=NINE, cron="0 9 * * *")
    now = NINE + 150 * DAY
    fire_due(now=now, resumed_at=now)
    assert ledger() == [MISSED] * 150 + [RUN]


def test_a_year_of_seconds_is_worked_off_in_folded_rows(database: str) -> None:
    a_schedule(
        a_task(),
        next_due_at=NINE,
        kind=ScheduleKind.INTERVAL,
        interval_seconds=1,
        starts_at=NINE,
        cron=None,
    )
    now = NINE + timedelta(seconds=250_000)
    while fire_due(now=now, resumed_at=now):
        pass
    with reading() as session:
        rows = session.scalars(select(Run).order_by(Run.scheduled_for)).all()
    assert sum(run.instants for run in rows) == 250_001
    assert len(rows) <= 11
    assert rows[-1].scheduled_for == now


def test_of_a_part_of_a_long_outage_nothing_is_caught_up(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "MOST_INSTANTS", 3)
    a_schedule(a_task(), next_due_at=NINE)
    now = NINE + 7 * MINUTE
    while fire_due(now=now, resumed_at=now):
        pass
    assert ledger() == [MISSED] * 7 + [RUN]


def test_what_could_not_start_in_time_any_more_when_it_was_promised_is_not_told(
    database: str,
) -> None:
    a_schedule(a_task(start_deadline_seconds=60), next_due_at=NINE)
    fire_due(now=NINE + 2 * MINUTE)
    pass_deadlines(now=NINE + 2 * MINUTE)
    assert ledger() == ["deadline"] * 3
    with reading() as session:
        assert len(session.scalars(select(Alert.id)).all()) == 1  # the last one could still start
