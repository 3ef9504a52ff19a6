"""Many rows in a moment, by one INSERT … SELECT, on both databases."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import CTE, ColumnElement, Integer, String, cast, insert, literal, select, text

from tasks.db import engine, transaction
from tasks.models import Run, RunState, Schedule, ScheduleKind, TaskDefinition, Trigger, Worker
from tasks.models.base import Base

ISTANBUL = "Europe/Istanbul"


def series(count: int) -> CTE:
    """Return the numbers from 1 to `count` as a table with one column, n."""
    first = select(literal(1, Integer()).label("n")).cte("series", recursive=True)
    return first.union_all(select(first.c.n + 1).where(first.c.n < count))


def fill(model: type[Base], numbers: CTE, columns: Mapping[str, object]) -> None:
    """Save a row for each of the numbers; a column is a value, or an expression over the number.

    The rows that others point to are there: PostgreSQL would look for each of them.
    """
    table = model.metadata.tables[model.__tablename__]
    values: list[ColumnElement[object]] = [
        value if isinstance(value, ColumnElement) else literal(value, table.c[name].type)
        for name, value in columns.items()
    ]
    with transaction() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(
            insert(model).from_select(list(columns), select(*values).select_from(numbers))
        )


@contextmanager
def without_indexes(model: type[Base]) -> Iterator[None]:
    """Make the table's indexes when the block has filled it: three times as quick."""
    indexes = model.metadata.tables[model.__tablename__].indexes
    with engine().begin() as connection:
        for index in indexes:
            index.drop(connection)
    yield
    with engine().begin() as connection:
        for index in indexes:
            index.create(connection)


def many_schedules(task: TaskDefinition, count: int, *, cron: str, due_at: datetime) -> None:
    """Save so many schedules of the task, all of them due at this instant of their expression."""
    numbers = series(count)
    columns = {
        "task_definition_id": task.id,
        "name": literal("Number ") + cast(numbers.c.n, String()),
        "kind": ScheduleKind.CRON,
        "cron": cron,
        "timezone": ISTANBUL,
        "starts_at": due_at - timedelta(days=30),
        "next_due_at": due_at,
        "next_scheduled_for": due_at,
    }
    fill(Schedule, numbers, columns)


def many_waiting_runs(task: TaskDefinition, count: int, *, due_at: datetime, **values: str) -> None:
    """Save so many runs of the task that were not told to the broker yet.

    They wait for a worker, unless `values` give them another `reason_code`.
    """
    columns = {
        "task_definition_id": task.id,
        "task_version": task.version,
        "trigger": Trigger.CODE,
        "scheduled_for": due_at,
        "due_at": due_at,
        "queued_at": due_at,
        "priority": task.priority,
        "queue": task.queue,
        "state": RunState.QUEUED,
    }
    fill(Run, series(count), columns | values)


def a_wide_worker(slots: int, *, now: datetime) -> None:
    """Save a worker with so many slots that is seen for a day to come, though there is none."""
    with transaction() as session:
        seen = now + timedelta(days=1)
        session.add(Worker(name="wide", queues=["default"], slots=slots, last_seen_at=seen))
