"""What stood in the first tables (revision 0001): rows in every one of them, in every state."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table

THEN = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
DUE = THEN + timedelta(days=1)
HOUR = timedelta(hours=1)
REPORT = {"source": "demo", "sql": 'SELECT "N" FROM "T" ORDER BY "N"', "formats": ["csv"]}
STAMPS = {"created_at": THEN, "updated_at": THEN + HOUR}

ON, OFF = 1, 2
"""The schedule that is enabled, and the one that is not."""
QUEUED, RETRYING, RUNNING, SUCCEEDED, AGAIN = 1, 2, 3, 4, 10
ENDED = ("succeeded", "failed", "timed_out", "cancelled", "lost", "skipped")


def old_tables(engine: Engine) -> dict[str, Table]:
    """Return the tables as they stand in the database now, but for Alembic's own."""
    metadata = MetaData()
    metadata.reflect(engine)
    return {
        table.name: table for table in metadata.sorted_tables if table.name != "alembic_version"
    }


def fill(connection: Connection, tables: dict[str, Table]) -> None:
    """Write the rows; their numbers are counted on where the database counts by itself."""
    rows = dict(_rows())
    for name, table in tables.items():
        connection.execute(table.insert(), [STAMPS | row for row in rows[name]])
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('\"{name}\"', 'id'), 1000)"
            )


def contents(connection: Connection, tables: dict[str, Table]) -> dict[str, list[Any]]:
    """Return all rows, of these columns."""
    return {
        name: [tuple(row) for row in connection.execute(table.select().order_by(table.c.id))]
        for name, table in tables.items()
    }


def _rows() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    yield "user", [_user(1, "ayse", "admin"), _user(2, "bulent", "viewer")]
    yield (
        "web_session",
        [{"id": 1, "token_sha256": "0" * 64, "user_id": 1, "content": {"a": 1}, "expires_at": DUE}],
    )
    yield (
        "source",
        [
            {
                "id": 1,
                "slug": "demo",
                "title": "Demo company",
                "kind": "duckdb",
                "settings": {"file": "demo.duckdb", "schema": "SBODEMOTR"},
            }
        ],
    )
    yield (
        "worker",
        [{"id": 1, "name": "w@old", "queues": ["default"], "slots": 2, "last_seen_at": THEN}],
    )
    yield (
        "scheduler_mark",
        [
            {"id": 1, "name": "tick", "at": THEN},
            {"id": 2, "name": "resumed", "at": THEN - HOUR},
        ],
    )
    yield "task_definition", [_task(1, "stock"), _task(2, "sales")]
    yield (
        "task_version",
        [{"id": 1, "task_definition_id": 1, "version": 1, "content": REPORT, "changed_by": "ayse"}],
    )
    yield "schedule", [_schedule(ON, enabled=True, due=DUE), _schedule(OFF, enabled=False)]
    yield "run", list(_runs())
    yield (
        "artifact",
        [
            {
                "id": 1,
                "run_id": SUCCEEDED,
                "attempt": 1,
                "name": "stock.csv",
                "path": "0000/4/1/stock.csv",
                "media_type": "text/csv",
                "bytes": 2**33,
                "sha256": "f" * 64,
                "rows": 3,
            }
        ],
    )
    yield "attempt", [_attempt(RUNNING, "running"), _attempt(SUCCEEDED, "succeeded")]
    yield (
        "delivery",
        [
            _delivery(1, "ayse@example.com", "delivered", delivered_at=THEN),
            _delivery(2, "bulent@example.com", "uncertain", error="Nobody knows."),
        ],
    )
    yield (
        "run_event",
        [
            {
                "id": number,
                "run_id": SUCCEEDED,
                "state": state,
                "attempt": 1,
                "actor": "w@old:7",
                "detail": "“şğıİ”",
            }
            for number, state in enumerate(("queued", "running", "succeeded"), start=1)
        ],
    )


def _user(number: int, login: str, role: str) -> dict[str, Any]:
    row = {"id": number, "login": login, "role": role, "language": "tr"}
    return row | {"full_name": login.title(), "password_hash": "!", "is_active": True}


def _task(number: int, slug: str) -> dict[str, Any]:
    return {
        "id": number,
        "slug": slug,
        "title": slug.title(),
        "description": "",
        "job": "report",
        "settings": REPORT,
        "parameters": [],
        "queue": "default",
        "priority": 7,
        "timeout_seconds": 60,
        "max_attempts": 3,
        "retry_delay_seconds": 5,
        "retry_backoff": 2.0,
        "retry_max_delay_seconds": 100,
        "retry_on": ["source_unreachable"],
        "safe_to_repeat": True,
        "is_active": True,
        "owner_id": 1,
        "version": 4,
    }


def _schedule(number: int, *, enabled: bool, due: datetime | None = None) -> dict[str, Any]:
    return {
        "id": number,
        "task_definition_id": 1,
        "name": "Each morning",
        "kind": "cron",
        "cron": "0 12 * * *",
        "interval_seconds": None,
        "timezone": "Europe/Istanbul",
        "parameters": {},
        "priority": 8,
        "enabled": enabled,
        "starts_at": THEN,
        "next_due_at": due,
    }


def _runs() -> Iterator[dict[str, Any]]:
    yield _run(QUEUED, "queued")
    yield _run(
        RETRYING,
        "queued",
        reason="Attempt 1 of 3 failed; it will be tried again.",
        reason_code="retry",
        attempt=1,
        next_attempt_at=THEN,
    )
    yield _run(RUNNING, "running", attempt=1, lease_owner="w@old:7", lease_until=THEN)
    for number, state in enumerate(ENDED, start=SUCCEEDED):
        yield _run(number, state, attempt=1, finished_at=THEN + HOUR, rows=number)
    yield _run(AGAIN, "cancelled", retry_of_id=SUCCEEDED + 1, finished_at=THEN + HOUR)


def _run(number: int, state: str, **values: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": number,
        "task_definition_id": 1,
        "task_version": 4,
        "schedule_id": ON if number == SUCCEEDED else None,
        "retry_of_id": None,
        "trigger": "schedule" if number == SUCCEEDED else "person",
        "triggered_by": "ayse",
        "request_key": f"ayse:{number}",
        "scheduled_for": THEN + number * HOUR / 60,
        "due_at": THEN,
        "parameters": {},
        "priority": 7,
        "queue": "default",
        "state": state,
        "reason": "",
        "attempt": 0,
        "publications": 0,
        "queued_at": THEN,
        "started_at": None if state == "queued" else THEN,
    }
    empty = ("reason_code", "lease_owner", "lease_until", "next_attempt_at", "finished_at", "rows")
    return dict.fromkeys(empty) | row | values


def _attempt(run: int, state: str) -> dict[str, Any]:
    row = {"id": run, "run_id": run, "number": 1, "state": state, "worker": "w@old:7"}
    return row | {"started_at": THEN, "finished_at": None if state == "running" else THEN + HOUR}


def _delivery(number: int, recipient: str, state: str, **values: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": number,
        "run_id": SUCCEEDED,
        "recipient": recipient,
        "channel": "email",
        "state": state,
        "subject": "Stock",
        "body": "",
        "message_id": f"<{number}@task-orchestrator>",
        "tries": 1,
        "delivered_at": None,
        "error": None,
    }
    return row | values
