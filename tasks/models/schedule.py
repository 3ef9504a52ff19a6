"""A schedule: when a task runs, and with which parameters."""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tasks.models.base import Base, JsonObject
from tasks.models.task import TaskDefinition


class ScheduleKind(StrEnum):
    CRON = "cron"
    INTERVAL = "interval"
    ONCE = "once"
    WORKING_DAY = "working_day"
    SOLAR = "solar"


class OnHoliday(StrEnum):
    """What happens to an instant that falls on a day that is no working day."""

    RUN = "run"
    SKIP = "skip"
    PREVIOUS = "previous"
    NEXT = "next"


class CatchUp(StrEnum):
    """What happens to the instants that were missed while the scheduler was down."""

    SKIP = "skip"
    LAST = "last"
    ALL = "all"


class ScheduleOrigin(StrEnum):
    PERSON = "person"
    CODE = "code"


FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Until when a schedule is paused that has to be resumed by hand."""


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
    once_at: Mapped[datetime | None]
    working_day: Mapped[int | None]
    """Which working day of the month: 1 is the first, -1 the last."""
    time_of_day: Mapped[str | None] = mapped_column(String(5))
    """When on the working day, as HH:MM in the schedule's zone."""
    solar_event: Mapped[str | None] = mapped_column(String(20))
    """One of Celery's names, such as `sunrise` or `dusk_civil`."""
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    timezone: Mapped[str] = mapped_column(String(60))
    parameters: Mapped[JsonObject] = mapped_column(default=dict)
    priority: Mapped[int | None]
    """None means the task's own."""
    enabled: Mapped[bool] = mapped_column(default=True)
    starts_at: Mapped[datetime]
    """Nothing is due before; an interval counts from here."""
    ends_at: Mapped[datetime | None]
    """Nothing is due after."""
    paused_until: Mapped[datetime | None]
    """What is due before is written down as skipped; `FOREVER` where somebody has to resume it."""
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendar.id", ondelete="RESTRICT"))
    on_holiday: Mapped[OnHoliday] = mapped_column(default=OnHoliday.RUN)
    catch_up: Mapped[CatchUp] = mapped_column(default=CatchUp.LAST)
    catch_up_window_seconds: Mapped[int] = mapped_column(default=86_400)
    """With `all`: how far back missed instants are still run."""
    origin: Mapped[ScheduleOrigin] = mapped_column(default=ScheduleOrigin.PERSON)
    code_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    """The name under which the code declares it."""
    next_due_at: Mapped[datetime | None]
    """The next instant that the tick has to fire; None while the schedule is off or over."""
    next_scheduled_for: Mapped[datetime | None]
    """The instant meant by `next_due_at`, which a holiday may have moved."""
    counts_from: Mapped[datetime | None]
    """When it was last switched on or its time changed: what it meant before is not expected."""
    version: Mapped[int] = mapped_column(default=1)
    """Counts what people change, so that nobody overwrites unseen what another has saved."""

    task: Mapped[TaskDefinition] = relationship(lazy="raise")
