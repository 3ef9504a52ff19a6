"""A task definition: what to run, and with which policies."""

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from random import random
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tasks.errors import ErrorKind
from tasks.models.base import Base, JsonList, JsonObject
from tasks.retrying import longer_by_chance, retry_preview, wait_after

VERSIONED = (
    "title", "description", "job", "settings", "parameters", "queue", "priority",
    "timeout_seconds", "max_attempts", "retry_delay_seconds", "retry_backoff",
    "retry_max_delay_seconds", "retry_jitter", "retry_on", "safe_to_repeat", "overlap",
    "max_running", "start_deadline_seconds", "finish_deadline_seconds", "alert_recipients",
    "artifact_retention_days", "artifact_keep_last", "run_retention_days", "is_active",
)  # fmt: skip


class Overlap(StrEnum):
    """What happens to a new run of a task whose run before has not ended."""

    ALLOW = "allow"
    SKIP = "skip"
    QUEUE = "queue"
    REPLACE = "replace"


TRANSIENT_KINDS = (
    ErrorKind.SOURCE_UNREACHABLE,
    ErrorKind.SOURCE_LOST,
    ErrorKind.NO_SPACE,
    ErrorKind.WORKER_LOST,
)

NEVER_REPEATED = (ErrorKind.SQL, ErrorKind.PARAMETER)
"""These fail the same way each time, so no task may ask for another attempt after them."""


class TaskDefinition(Base):
    __tablename__ = "task_definition"
    __table_args__ = (Index(None, "title"),)

    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    job: Mapped[str] = mapped_column(String(80), default="report")
    settings: Mapped[JsonObject] = mapped_column(default=dict)
    """What the job's own model validates; for a report its SQL, formats and recipients."""
    parameters: Mapped[JsonList] = mapped_column(default=list)
    """Definitions of the parameters: see `tasks.reports.parameters.ParameterDefinition`."""
    queue: Mapped[str] = mapped_column(String(40), default="default")
    priority: Mapped[int] = mapped_column(default=5)
    """0 to 9; 9 is the most urgent."""
    timeout_seconds: Mapped[int] = mapped_column(default=900)
    max_attempts: Mapped[int] = mapped_column(default=3)
    retry_delay_seconds: Mapped[int] = mapped_column(default=60)
    retry_backoff: Mapped[float] = mapped_column(default=2.0)
    """Each wait is this many times the one before."""
    retry_max_delay_seconds: Mapped[int] = mapped_column(default=3600)
    retry_jitter: Mapped[float] = mapped_column(default=0.1)
    """Each wait is longer by a random part of itself, at most this one; 0 to 1."""
    retry_on: Mapped[list[str]] = mapped_column(default=lambda: list(TRANSIENT_KINDS))
    safe_to_repeat: Mapped[bool] = mapped_column(default=True)
    """Whether an attempt that died in the middle may be made once more."""
    overlap: Mapped[Overlap] = mapped_column(default=Overlap.ALLOW)
    max_running: Mapped[int | None]
    """How many of its runs may run at once; None for no limit. Only `allow` permits more than 1."""
    start_deadline_seconds: Mapped[int | None]
    """A run that has not started so long after its due instant is skipped, and somebody is told."""
    finish_deadline_seconds: Mapped[int | None]
    """A run that is not delivered so long after its due instant is late, and somebody is told."""
    alert_recipients: Mapped[list[str]] = mapped_column(default=list)
    """Mail addresses that are told of a late run, besides those of the installation."""
    artifact_retention_days: Mapped[int | None]
    artifact_keep_last: Mapped[int | None]
    """The files of so many runs are kept, those of older ones go; None for no limit."""
    run_retention_days: Mapped[int | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)

    def content(self) -> dict[str, Any]:
        """What a version of this task holds."""
        return {name: getattr(self, name) for name in VERSIONED}

    def retry_delay(self, *, attempt: int, random: Callable[[], float] = random) -> timedelta:
        """The wait after the failed attempt number `attempt`; `random` returns from 0 to 1.

        Runs that failed together do not come back together: each wait is a little longer.
        """
        wait = wait_after(
            attempt,
            first=self.retry_delay_seconds,
            growth=self.retry_backoff,
            longest=self.retry_max_delay_seconds,
        )
        return longer_by_chance(wait, jitter=self.retry_jitter, chance=random())

    def retry_preview(self) -> list[timedelta]:
        """The least wait after each failed attempt that another one may follow."""
        return retry_preview(
            max_attempts=self.max_attempts,
            retry_delay_seconds=self.retry_delay_seconds,
            retry_backoff=self.retry_backoff,
            retry_max_delay_seconds=self.retry_max_delay_seconds,
        )


class TaskVersion(Base):
    """What a task was before and after each change; a run names the version it ran."""

    __tablename__ = "task_version"
    __table_args__ = (UniqueConstraint("task_definition_id", "version"),)

    task_definition_id: Mapped[int] = mapped_column(
        ForeignKey("task_definition.id", ondelete="CASCADE")
    )
    version: Mapped[int]
    content: Mapped[JsonObject]
    changed_by: Mapped[str] = mapped_column(String(120))
