"""Who is alive: workers, and the marks that the scheduler leaves."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from tasks.models.base import Base


class Worker(Base):
    """A worker process with its slots."""

    __tablename__ = "worker"

    name: Mapped[str] = mapped_column(String(120), unique=True)
    queues: Mapped[list[str]]
    slots: Mapped[int]
    last_seen_at: Mapped[datetime]


class SchedulerMark(Base):
    """When something of the scheduler last succeeded or happened.

    `tick`: the last pass; `resumed`: the first pass after an outage; `epoch`: the broker's present
    life, whose key is `value`.
    """

    __tablename__ = "scheduler_mark"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    at: Mapped[datetime]
    value: Mapped[str | None] = mapped_column(String(80))
