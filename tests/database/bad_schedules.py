"""A schedule that is bad in one way or another."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from tasks.db import reading
from tasks.models import (
    Alert,
    AlertKind,
    Schedule,
)
from tests.support.factories import a_schedule, a_task

NINE = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)  # a Monday


def a_bad(**values: Any) -> Schedule:
    task = a_task("bad", title="Bad report", alert_recipients=["author@example.com"])
    return a_schedule(task, **({"name": "Bad", "next_due_at": NINE} | values))


def alerts() -> list[tuple[AlertKind, str]]:
    with reading() as session:
        found = session.execute(select(Alert.kind, Alert.sentence).order_by(Alert.id))
        return [(row.kind, row.sentence) for row in found]
