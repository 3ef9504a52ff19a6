"""A run: one promise to run a task. Its row is the truth; a message only wakes a worker."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tasks.errors import ErrorKind
from tasks.models.base import Base, JsonObject
from tasks.models.schedule import Schedule
from tasks.models.task import TaskDefinition


class RunState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    LOST = "lost"
    SKIPPED = "skipped"

    @property
    def is_final(self) -> bool:
        return self not in (RunState.QUEUED, RunState.RUNNING)


class Trigger(StrEnum):
    SCHEDULE = "schedule"
    PERSON = "person"
    API = "api"
    TASK = "task"
    CODE = "code"


class Run(Base):
    __tablename__ = "run"
    __table_args__ = (
        UniqueConstraint("schedule_id", "scheduled_for"),
        Index(None, "state", "id"),
        Index(None, "task_definition_id", "id"),
        Index(None, "task_definition_id", "state", "id"),
        Index(None, "state", "queue", "priority", "due_at"),
        Index(None, "state", "lease_until"),
        Index(None, "trigger", "state", "id"),
        Index(None, "queued_at"),
        Index(None, "retry_of_id"),
        Index(None, "finished_at", "state"),
    )

    task_definition_id: Mapped[int] = mapped_column(ForeignKey("task_definition.id"))
    task_version: Mapped[int]
    schedule_id: Mapped[int | None] = mapped_column(ForeignKey("schedule.id", ondelete="SET NULL"))
    retry_of_id: Mapped[int | None] = mapped_column(ForeignKey("run.id", ondelete="SET NULL"))
    trigger: Mapped[Trigger]
    triggered_by: Mapped[str] = mapped_column(String(120), default="")
    """The login name of the person, or the name of the schedule."""
    request_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    scheduled_for: Mapped[datetime]
    """The instant that was meant; relative dates follow it."""
    due_at: Mapped[datetime]
    parameters: Mapped[JsonObject] = mapped_column(default=dict)
    priority: Mapped[int]
    queue: Mapped[str] = mapped_column(String(40))

    state: Mapped[RunState] = mapped_column(default=RunState.QUEUED)
    reason: Mapped[str] = mapped_column(Text, default="")
    reason_code: Mapped[str | None] = mapped_column(String(40))
    attempt: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(120))
    lease_until: Mapped[datetime | None]
    next_attempt_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    republish_at: Mapped[datetime | None]
    publications: Mapped[int] = mapped_column(default=0)
    """How often a message was sent since the run last began to wait; the grace grows with it."""
    cancel_requested_at: Mapped[datetime | None]
    queued_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    rows: Mapped[int | None]
    error_kind: Mapped[ErrorKind | None]
    error: Mapped[str | None] = mapped_column(Text)

    task: Mapped[TaskDefinition] = relationship(lazy="raise")
    schedule: Mapped[Schedule | None] = relationship(lazy="raise")


class Attempt(Base):
    """One try of a run."""

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("run_id", "number"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[RunState] = mapped_column(default=RunState.RUNNING)
    worker: Mapped[str] = mapped_column(String(120))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    rows: Mapped[int | None]
    error_kind: Mapped[ErrorKind | None]
    error: Mapped[str | None] = mapped_column(Text)


class RunEvent(Base):
    """One change of a run's state, written in the transaction that made it; never changed."""

    __tablename__ = "run_event"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), index=True)
    state: Mapped[RunState]
    attempt: Mapped[int]
    actor: Mapped[str] = mapped_column(String(120), default="")
    detail: Mapped[str] = mapped_column(Text, default="")
