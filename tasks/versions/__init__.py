"""Versions of a task: what differs between two, and taking an old one back as a new one."""

from tasks.versions.comparing import (
    SETTINGS,
    Difference,
    completed,
    differences,
    fields_of,
    lacking,
)
from tasks.versions.restoring import (
    FOR_AUTHORS,
    as_task,
    chains_in,
    is_as_now,
    needs_author,
    restore_version,
)

__all__ = [
    "FOR_AUTHORS",
    "SETTINGS",
    "Difference",
    "as_task",
    "chains_in",
    "completed",
    "differences",
    "fields_of",
    "is_as_now",
    "lacking",
    "needs_author",
    "restore_version",
]
