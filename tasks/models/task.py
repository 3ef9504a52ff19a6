"""A task definition: what to run, and with which policies."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tasks.errors import ErrorKind
from tasks.models.base import Base, JsonList, JsonObject

VERSIONED = (
    "title", "description", "job", "settings", "parameters", "queue", "priority",
    "timeout_seconds", "max_attempts", "retry_delay_seconds", "retry_backoff",
    "retry_max_delay_seconds", "retry_on", "safe_to_repeat", "is_active",
)  # fmt: skip

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
    retry_on: Mapped[list[str]] = mapped_column(default=lambda: list(TRANSIENT_KINDS))
    safe_to_repeat: Mapped[bool] = mapped_column(default=True)
    """Whether an attempt that died in the middle may be made once more."""
    is_active: Mapped[bool] = mapped_column(default=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)

    def content(self) -> dict[str, Any]:
        """What a version of this task holds."""
        return {name: getattr(self, name) for name in VERSIONED}

    def retry_delay(self, *, attempt: int) -> timedelta:
        """The wait after the failed attempt number `attempt`."""
        seconds = self.retry_delay_seconds * self.retry_backoff ** min(attempt - 1, 60)
        return timedelta(seconds=min(seconds, self.retry_max_delay_seconds))


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
