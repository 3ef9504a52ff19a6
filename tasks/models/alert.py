"""An alert: something that a person has to know, told once; and the mail that tells it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tasks.models.base import Base
from tasks.models.run import Run

GATHERING = "state = 'gathering'"
UNSEEN = "seen_at IS NULL"


class AlertKind(StrEnum):
    SCHEDULER_SILENT = "scheduler_silent"
    LATE_START = "late_start"
    LATE_FINISH = "late_finish"
    SCHEDULE_OFF = "schedule_off"
    """A schedule became unreadable, so the scheduler switched it off."""
    SCHEDULE_STUCK = "schedule_stuck"
    """A schedule cannot be fired; the others go on without it."""
    RUN_STUCK = "run_stuck"
    """A run cannot be ended or looked at; the others go on without it."""
    TASK_FAILED = "task_failed"
    TASK_RECOVERED = "task_recovered"
    DELIVERY_FAILED = "delivery_failed"
    DISK_FULL = "disk_full"
    """A machine has too little room for what runs make, so none begins there."""


class AlertMailState(StrEnum):
    GATHERING = "gathering"
    """It was not tried yet, and takes in what is raised about the same."""
    QUEUED = "queued"
    """It was tried, and waits to be tried again."""
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class AlertMail(Base):
    """One mail about alerts of one topic; of a topic at most one gathers at a time."""

    __tablename__ = "alert_mail"
    __table_args__ = (
        Index(None, "state", "next_try_at"),
        Index(None, "topic", "first_tried_at"),
        Index(
            "uq_alert_mail_gathering",
            "topic",
            unique=True,
            sqlite_where=text(GATHERING),
            postgresql_where=text(GATHERING),
        ),
    )

    topic: Mapped[str] = mapped_column(String(60))
    recipients: Mapped[list[str]]
    state: Mapped[AlertMailState] = mapped_column(default=AlertMailState.GATHERING)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    """While it waits, when it is sent next; while it is sent, until when its sender has it."""
    first_tried_at: Mapped[datetime | None]
    """When it ceased to gather; the pause before the next mail counts from here."""
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)


class Alert(Base):
    __tablename__ = "alert"
    __table_args__ = (
        Index(
            "ix_alert_unseen",
            "created_at",
            sqlite_where=text(UNSEEN),
            postgresql_where=text(UNSEEN),
        ),
        Index(None, "topic", "id"),
    )

    key: Mapped[str] = mapped_column(String(200), unique=True)
    """One for each thing to tell, so that it is told once whoever sees it first."""
    kind: Mapped[AlertKind]
    topic: Mapped[str] = mapped_column(String(60))
    """Kind and task: what has the same is told together."""
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), index=True)
    sentence: Mapped[str] = mapped_column(Text)
    mailed_as: Mapped[str] = mapped_column(Text, default="")
    """The sentence in the language of the installation."""
    mail_id: Mapped[int | None] = mapped_column(
        ForeignKey("alert_mail.id", ondelete="SET NULL"), index=True
    )
    """None where nobody is named to get it by mail; it is seen on the page."""
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[str | None] = mapped_column(String(120))
    """The login name of the person who took it off the first page."""

    run: Mapped[Run | None] = relationship(lazy="raise")
    mail: Mapped[AlertMail | None] = relationship(lazy="raise")
