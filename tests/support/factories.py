"""The least that is valid, then what the test is about."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.encryption import encrypt
from tasks.models import (
    Role,
    Run,
    RunState,
    Schedule,
    ScheduleKind,
    Source,
    SourceKind,
    TaskDefinition,
    Trigger,
    User,
)
from tasks.sources.kinds import kept, settings_of

_numbers = itertools.count(1)

REPORT = {"source": "demo", "sql": "SELECT 1 AS A FROM DUMMY", "formats": ["xlsx"]}


def a_task(slug: str = "a-report", **values: Any) -> TaskDefinition:
    """Save a report task; `settings` are laid over those of the least report."""
    values["settings"] = REPORT | values.get("settings", {})
    with transaction() as session:
        task = TaskDefinition(slug=slug, **({"title": slug.replace("-", " ").title()} | values))
        session.add(task)
    return task


def a_probe(slug: str = "", **values: Any) -> TaskDefinition:
    """Save a task that runs the probe: columns of the task, and what the probe is to do."""
    columns = {name: values.pop(name) for name in list(values) if hasattr(TaskDefinition, name)}
    slug = slug or f"probe-{next(_numbers)}"
    with transaction() as session:
        task = TaskDefinition(slug=slug, title=slug, job="probe", settings=values, **columns)
        session.add(task)
    return task


def a_run(task: TaskDefinition | None = None, **values: Any) -> Run:
    """Save a run, queued unless `state` says otherwise; without a task it gets `a-report`.

    It was promised before its deadlines.
    """
    task = task or _the_task()
    now = utcnow()
    state = values.pop("state", RunState.QUEUED)
    deadlines = [values[name] for name in ("start_by", "finish_by") if values.get(name)]
    started = now if state not in (RunState.QUEUED, RunState.SKIPPED) else None
    row = {
        "task_definition_id": task.id,
        "task_version": task.version,
        "trigger": Trigger.PERSON,
        "triggered_by": "ayse",
        "scheduled_for": now,
        "due_at": now,
        "queued_at": min([now, *deadlines]) - timedelta(seconds=bool(deadlines)),
        "priority": 5,
        "queue": "default",
        "state": state,
        "attempt": 0 if started is None else 1,
        "started_at": started,
        "finished_at": now if state.is_final else None,
    }
    with transaction() as session:
        run = Run(**(row | values))
        session.add(run)
    return run


def _the_task() -> TaskDefinition:
    with transaction() as session:
        task = session.scalars(
            select(TaskDefinition).where(TaskDefinition.slug == "a-report")
        ).one_or_none()
    return task or a_task()


def a_schedule(task: TaskDefinition, **values: Any) -> Schedule:
    """Save a schedule of the task, at every full minute in UTC."""
    row = {
        "name": "Every minute",
        "kind": ScheduleKind.CRON,
        "cron": "* * * * *",
        "timezone": "UTC",
        "starts_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    values = {"next_scheduled_for": values.get("next_due_at")} | values
    with transaction() as session:
        schedule = Schedule(task_definition_id=task.id, **(row | values))
        session.add(schedule)
    return schedule


def a_source(file: str = "demo.duckdb", slug: str = "demo") -> Source:
    """Save a DuckDB source that reads `file` of the home folder."""
    with transaction() as session:
        source = Source(
            slug=slug,
            title="Demo company",
            kind=SourceKind.DUCKDB,
            settings={"file": file, "schema": "SBODEMOTR"},
        )
        session.add(source)
    return source


def a_hana_source(port: int, *, slug: str = "hana", password: str = "", **values: Any) -> Source:
    """Save a HANA source at this port of this machine, which logs in as the server's reader."""
    address = {"address": "127.0.0.1", "port": port, "user": "REPORTS", "schema": "SBODEMOTR"}
    limits = {"encrypt": False, "connect_seconds": 2, "query_seconds": 20}
    settings = kept(settings_of(SourceKind.HANA, address | limits))
    row = {"title": "Production", "kind": SourceKind.HANA, "settings": settings}
    with transaction() as session:
        source = Source(slug=slug, password_encrypted=encrypt(password), **(row | values))
        session.add(source)
    return source


def a_user(login: str = "ayse", role: Role = Role.ADMIN, **values: Any) -> User:
    """Save a person who cannot log in: the password's hash is no hash."""
    with transaction() as session:
        user = User(login=login, role=role, **({"password_hash": "!"} | values))
        session.add(user)
    return user
