"""Bringing the schedules that code declares into the table, where they run like any other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session

from tasks.db import transaction
from tasks.errors import Invalid, NotFound
from tasks.models import Schedule, ScheduleOrigin
from tasks.queries.by_name import task_named
from tasks.scheduling.calendars import calendar_named
from tasks.scheduling.declared import Declared, declared_schedules
from tasks.scheduling.edit import create_schedule, declare_schedule, switch_declared
from tasks.scheduling.marks import leave_mark


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did, by the keys of the schedules."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    switched_on: list[str] = field(default_factory=list)
    switched_off: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


def sync_with_code(*, now: datetime) -> Synced | None:
    """Sync with the module that the settings name, None where they name none; raises Invalid."""
    schedules = declared_schedules()
    if schedules is None:
        return None
    with transaction() as session:
        leave_mark(session, "sync")  # its row holds back a second scheduler that starts now
        return sync(session, schedules, now=now)


def sync(session: Session, schedules: Sequence[Declared], *, now: datetime) -> Synced:
    """Make the schedules of the code in the table like these; raises Invalid naming the entry.

    One that is as it was is not touched. One that is no longer declared is switched off.
    """
    _check_keys(schedules)
    rows = session.scalars(select(Schedule).where(Schedule.origin == ScheduleOrigin.CODE)).all()
    kept = {row.code_key: row for row in rows}
    done = Synced()
    for one in schedules:
        try:
            _bring(session, one, kept.pop(one.key, None), done, now=now)
        except (Invalid, NotFound) as error:
            raise Invalid("“{key}”: {why}", key=one.key, why=error.message) from error
        except DBAPIError:
            raise  # the database's own trouble is none of the entry's
        except (TypeError, ValueError, StatementError) as error:  # nobody checked the code's types
            raise Invalid(
                "“{key}”: one of its values is of the wrong kind ({why}).", key=one.key, why=error
            ) from error
    for row in kept.values():
        if row.enabled:
            switch_declared(session, row, enabled=False, now=now)
            done.switched_off.append(row.code_key or "")
    return done


def _bring(
    session: Session, one: Declared, row: Schedule | None, done: Synced, *, now: datetime
) -> None:
    task = task_named(session, one.task)
    calendar = calendar_named(session, one.calendar) if one.calendar else None
    columns = dict(one.columns) | {"calendar_id": calendar.id if calendar else None}
    if row is None and _is_over(one, now):
        return
    if row is None:
        origin = {"origin": ScheduleOrigin.CODE, "code_key": one.key, "enabled": True}
        create_schedule(session, task, now=now, **columns, **origin)
        done.added.append(one.key)
        return
    columns["task_definition_id"] = task.id
    before = len(done.changed)
    if any(getattr(row, name) != value for name, value in columns.items()):
        declare_schedule(session, row, task, now=now, **columns)
        done.changed.append(one.key)
    if not row.enabled:
        switch_declared(session, row, enabled=True, now=now)
        done.switched_on.append(one.key)
    elif len(done.changed) == before:
        done.unchanged.append(one.key)


def _is_over(one: Declared, now: datetime) -> bool:
    at: datetime | None = one.columns["once_at"]
    return at is not None and at <= now


def _check_keys(schedules: Iterable[Declared]) -> None:
    seen: set[str] = set()
    for one in schedules:
        if one.key in seen:
            raise Invalid("“{key}” is declared twice.", key=one.key)
        seen.add(one.key)
