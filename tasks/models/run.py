"""A run: one promise to run a task. Its row is the truth; a message only wakes a worker."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    literal_column,
    text,
)
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


QUEUED = "state = 'queued'"
READY = f"{QUEUED} AND reason_code IS NULL"
"""What waits for a worker and for nothing else."""
HELD = f"{QUEUED} AND reason_code IS NOT NULL"
"""What waits for a reason that its code names."""


def _only(condition: str) -> dict[str, Any]:
    """Options of an index that holds only the rows that meet the condition."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Run(Base):
    __tablename__ = "run"
    __table_args__ = (
        UniqueConstraint("schedule_id", "scheduled_for"),
        Index(None, "state", "id"),
        Index(None, "task_definition_id", "id"),
        Index(None, "task_definition_id", "state", "id"),
        Index("ix_run_ready", "queue", "priority", "due_at", "id", **_only(READY)),
        Index(
            "ix_run_told",
            "queue",
            "republish_at",
            **_only(f"{QUEUED} AND republish_at IS NOT NULL"),
        ),
        Index(
            "ix_run_held",
            "reason_code",
            "task_definition_id",
            "priority",
            "due_at",
            "id",
            **_only(HELD),
        ),
        Index(
            "ix_run_held_by_queue",
            "reason_code",
            "queue",
            "priority",
            "due_at",
            "id",
            **_only(HELD),
        ),
        Index(
            "ix_run_held_by_source",
            "reason_code",
            "source",
            "priority",
            "due_at",
            "id",
            **_only(HELD),
        ),
        Index("ix_run_held_until", "reason_code", "next_attempt_at", **_only(HELD)),
        Index("ix_run_running", "lease_until", **_only("state = 'running'")),
        Index("ix_run_start_by", "start_by", **_only(f"{QUEUED} AND start_by IS NOT NULL")),
        Index(
            "ix_run_finish_by", "finish_by", **_only("finish_by IS NOT NULL AND late_at IS NULL")
        ),
        Index(None, "trigger", "state", "id"),
        Index(None, "queued_at"),
        Index(None, "retry_of_id"),
        Index(None, "cause_id"),
        Index(None, "finished_at", "state"),
    )

    task_definition_id: Mapped[int] = mapped_column(ForeignKey("task_definition.id"))
    task_version: Mapped[int]
    schedule_id: Mapped[int | None] = mapped_column(ForeignKey("schedule.id", ondelete="SET NULL"))
    retry_of_id: Mapped[int | None] = mapped_column(ForeignKey("run.id", ondelete="SET NULL"))
    cause_id: Mapped[int | None] = mapped_column(ForeignKey("run.id", ondelete="SET NULL"))
    """The run whose end promised this one, by a chain."""
    trigger: Mapped[Trigger]
    triggered_by: Mapped[str] = mapped_column(String(120), default="")
    """The login name of the person, or the name of the schedule."""
    request_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    scheduled_for: Mapped[datetime]
    """The instant that was meant; relative dates follow it."""
    due_at: Mapped[datetime]
    parameters: Mapped[JsonObject] = mapped_column(default=dict)
    resolved: Mapped[JsonObject | None]
    """What the parameters were in the last attempt: a relative date is a day here, not a word."""
    priority: Mapped[int]
    queue: Mapped[str] = mapped_column(String(40))
    source: Mapped[str | None] = mapped_column(String(80))
    """Slug of the source that it reads, where its job reads one."""
    start_by: Mapped[datetime | None]
    finish_by: Mapped[datetime | None]
    late_at: Mapped[datetime | None]
    """When it was found not to be delivered by `finish_by`, which goes where it was kept."""
    covers_until: Mapped[datetime | None]
    """The last instant of a `skipped` row that stands for many."""
    instants: Mapped[int] = mapped_column(default=1)
    """How many due instants the row stands for."""

    only_to: Mapped[str | None] = mapped_column(String(320))
    """The one address that gets it: somebody tries it out, and nobody else is to see it."""

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
    rows: Mapped[int | None] = mapped_column(BigInteger)
    progress_done: Mapped[int | None] = mapped_column(BigInteger)
    progress_total: Mapped[int | None] = mapped_column(BigInteger)
    progress_text: Mapped[str] = mapped_column(String(200), default="")
    error_kind: Mapped[ErrorKind | None]
    error: Mapped[str | None] = mapped_column(Text)

    task: Mapped[TaskDefinition] = relationship(lazy="raise")
    schedule: Mapped[Schedule | None] = relationship(lazy="raise")


IS_QUEUED: ColumnElement[bool] = Run.state == literal_column("'queued'")
IS_READY: ColumnElement[bool] = and_(IS_QUEUED, Run.reason_code.is_(None))
IS_HELD: ColumnElement[bool] = and_(IS_QUEUED, Run.reason_code.is_not(None))
IS_RUNNING: ColumnElement[bool] = Run.state == literal_column("'running'")
"""With the words in the statement: a bound value would not lead to the indexes above."""


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
    rows: Mapped[int | None] = mapped_column(BigInteger)
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
