"""What a job is given, without a run around it."""

from datetime import UTC, datetime
from logging import getLogger
from pathlib import Path
from typing import Any

from tasks.jobs.context import JobContext


def a_context(folder: Path, **values: Any) -> JobContext:
    """Return the context of an attempt that has nothing to stop for."""
    given: dict[str, Any] = {
        "slug": "a-task",
        "title": "A task",
        "settings": {},
        "parameter_definitions": [],
        "parameters": {},
        "scheduled_for": datetime(2026, 3, 16, 9, tzinfo=UTC),
        "log": getLogger("tasks.run"),
        "stopped": lambda: False,
        "_folder": folder,
    }
    return JobContext(**(given | values))
