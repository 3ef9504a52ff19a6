"""What a schedule expected against what happened, on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tasks.db import reading
from tasks.models import Run, RunState, Schedule, ScheduleKind, TaskDefinition, Trigger
from tasks.queries.ledger import MOST_LINES, Ledger, Standing, ledger
from tests.support.factories import a_run, a_schedule, a_task

NINE = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def an_hourly(task: TaskDefinition, **values: Any) -> Schedule:
    row = {"cron": "0 * * * *", "created_at": NINE - 99 * HOUR, "next_due_at": NINE + HOUR}
    return a_schedule(task, **(row | values))


def a_row(task: TaskDefinition, schedule: Schedule, at: datetime, **values: Any) -> Run:
    row = {"trigger": Trigger.SCHEDULE, "state": RunState.SUCCEEDED, "queued_at": at}
    return a_run(task, schedule_id=schedule.id, scheduled_for=at, due_at=at, **(row | values))


def read(schedule: Schedule, since: datetime, until: datetime, now: datetime = NINE) -> Ledger:
    with reading() as session:
        return ledger(session, schedule, since=since, until=until, now=now)


def told(found: Ledger) -> list[tuple[datetime, Standing, bool]]:
    return [(line.scheduled_for, line.standing, line.expected) for line in found.lines]


def test_what_happened_what_is_missing_and_what_comes_stand_in_order(database: str) -> None:
    task = a_task()
    schedule = an_hourly(task)
    run = a_row(task, schedule, NINE - 2 * HOUR)
    a_row(task, schedule, NINE)
    found = read(schedule, NINE - 2 * HOUR, NINE + 2 * HOUR)
    assert told(found) == [
        (NINE - 2 * HOUR, Standing.HAPPENED, True),
        (NINE - HOUR, Standing.MISSING, True),
        (NINE, Standing.HAPPENED, True),
        (NINE + HOUR, Standing.COMING, True),
    ]
    assert next(line.run.id for line in found.lines if line.run) == run.id


def test_an_instant_that_the_scheduler_has_not_come_to_is_due_and_not_missing(
    database: str,
) -> None:
    schedule = an_hourly(a_task(), next_due_at=NINE)
    found = read(schedule, NINE - HOUR, NINE + HOUR, now=NINE + HOUR / 2)
    assert told(found)[0][1] is Standing.MISSING
    assert told(found)[1][1] is Standing.DUE


def test_nothing_is_missing_from_before_the_schedule_was_made(database: str) -> None:
    schedule = an_hourly(a_task(), created_at=NINE - HOUR / 2)
    assert told(read(schedule, NINE - 5 * HOUR, NINE + HOUR)) == [(NINE, Standing.MISSING, True)]


def test_a_row_that_the_present_time_does_not_mean_happened_and_nothing_before_it_is_missing(
    database: str,
) -> None:
    task = a_task()
    schedule = an_hourly(task)
    a_row(task, schedule, NINE - HOUR * 1.5)
    assert told(read(schedule, NINE - 5 * HOUR, NINE)) == [
        (NINE - HOUR * 1.5, Standing.HAPPENED, False),
        (NINE - HOUR, Standing.MISSING, True),
    ]


def test_a_row_that_stands_for_many_leaves_none_of_them_missing(database: str) -> None:
    task = a_task()
    schedule = an_hourly(task)
    covers: dict[str, Any] = {"covers_until": NINE - HOUR, "instants": 4}
    a_row(task, schedule, NINE - 4 * HOUR, state=RunState.SKIPPED, **covers)
    whole = read(schedule, NINE - 5 * HOUR, NINE + HOUR / 2)
    assert told(whole) == [
        (NINE - 5 * HOUR, Standing.MISSING, True),
        (NINE - 4 * HOUR, Standing.HAPPENED, True),
        (NINE, Standing.MISSING, True),
    ]
    assert whole.lines[1].instants == 4
    assert told(read(schedule, NINE - 2 * HOUR, NINE + HOUR / 2)) == told(whole)[1:]


def test_a_schedule_that_is_off_expects_nothing(database: str) -> None:
    task = a_task()
    schedule = an_hourly(task, enabled=False, next_due_at=None)
    a_row(task, schedule, NINE - 3 * HOUR)
    assert len(read(schedule, NINE - 5 * HOUR, NINE + 5 * HOUR).lines) == 1


def test_a_long_span_is_cut_and_says_where_to_go_on(database: str) -> None:
    schedule = an_hourly(a_task())
    found = read(schedule, NINE, NINE + 5000 * HOUR)
    assert len(found.lines) == MOST_LINES
    assert found.goes_on_at == NINE + MOST_LINES * HOUR
    assert read(schedule, NINE, NINE + HOUR).goes_on_at is None


def test_an_interval_that_covered_a_year_is_read_in_no_time(database: str) -> None:
    task = a_task()
    every_second: dict[str, Any] = {
        "kind": ScheduleKind.INTERVAL,
        "interval_seconds": 1,
        "created_at": NINE - timedelta(days=400),
        "starts_at": NINE - timedelta(days=400),
        "next_due_at": NINE,
    }
    schedule = a_schedule(task, **every_second)
    long_ago = NINE - timedelta(days=365)
    covers: dict[str, Any] = {"covers_until": NINE - timedelta(seconds=2), "instants": 31_535_999}
    a_row(task, schedule, long_ago, state=RunState.SKIPPED, **covers)
    found = read(schedule, long_ago, NINE + timedelta(seconds=1))
    assert [line.standing for line in found.lines] == [
        Standing.HAPPENED,
        Standing.MISSING,
        Standing.DUE,
    ]


def test_what_comes_while_the_schedule_is_paused_says_so(database: str) -> None:
    schedule = an_hourly(a_task(), paused_until=NINE + HOUR * 1.5)
    found = read(schedule, NINE + HOUR, NINE + 3 * HOUR)
    assert [line.code for line in found.lines] == ["paused", None]


def test_both_hours_of_the_night_that_comes_twice_are_read_in_order(database: str) -> None:
    before = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    schedule = an_hourly(a_task(), timezone="Europe/Berlin")
    found = read(schedule, before, before + 3 * HOUR)
    assert [line.scheduled_for.hour for line in found.lines] == [1, 2, 3]
