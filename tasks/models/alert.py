"""An alert: something that a person has to know, told once."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tasks.models.base import Base


class AlertKind(StrEnum):
    SCHEDULER_SILENT = "scheduler_silent"
    LATE_START = "late_start"
    LATE_FINISH = "late_finish"
    SCHEDULE_OFF = "schedule_off"
    """A schedule became unreadable, so the scheduler switched it off."""
    SCHEDULE_STUCK = "schedule_stuck"
    """A schedule cannot be fired; the others go on without it."""


class AlertState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SHOWN = "shown"
    """Nobody is named to get it by mail; it is seen on the page."""


class Alert(Base):
    __tablename__ = "alert"
    __table_args__ = (Index(None, "state", "next_try_at"),)

    key: Mapped[str] = mapped_column(String(200), unique=True)
    """One for each thing to tell, so that it is told once whoever sees it first."""
    kind: Mapped[AlertKind]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), index=True)
    sentence: Mapped[str] = mapped_column(Text)
    recipients: Mapped[list[str]]
    state: Mapped[AlertState] = mapped_column(default=AlertState.QUEUED)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    """While it waits, when it is sent next; while it is sent, until when its sender has it."""
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
