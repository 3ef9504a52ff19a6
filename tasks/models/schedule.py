"""A schedule: when a task runs, and with which parameters."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tasks.models.base import Base, JsonObject
from tasks.models.task import TaskDefinition


class ScheduleKind(StrEnum):
    CRON = "cron"
    INTERVAL = "interval"


class Schedule(Base):
    __tablename__ = "schedule"
    __table_args__ = (Index(None, "enabled", "next_due_at"),)

    task_definition_id: Mapped[int] = mapped_column(
        ForeignKey("task_definition.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[ScheduleKind]
    cron: Mapped[str | None] = mapped_column(String(120))
    interval_seconds: Mapped[int | None]
    timezone: Mapped[str] = mapped_column(String(60))
    parameters: Mapped[JsonObject] = mapped_column(default=dict)
    priority: Mapped[int | None]
    """None means the task's own."""
    enabled: Mapped[bool] = mapped_column(default=True)
    starts_at: Mapped[datetime]
    """Nothing is due before; an interval counts from here."""
    next_due_at: Mapped[datetime | None]
    """The next instant that the tick has to fire; None while the schedule is off."""

    task: Mapped[TaskDefinition] = relationship(lazy="raise")
