"""A calendar: which days are working days."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tasks.models.base import Base


class DayKind(StrEnum):
    HOLIDAY = "holiday"
    HALF_DAY = "half_day"
    WORKING = "working"
    """A working day although it falls on a weekend or on a holiday of the country."""


class DayOrigin(StrEnum):
    """Who said so; the later one here decides where two speak of the same day."""

    COUNTRY = "country"
    SOURCE = "source"
    OWN = "own"


class Calendar(Base):
    __tablename__ = "calendar"

    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    country: Mapped[str | None] = mapped_column(String(2))
    """ISO 3166 code of the country whose public holidays count; None for none."""
    weekend: Mapped[list[int]] = mapped_column(default=lambda: [5, 6])
    """Days of the week that are no working days; 0 is Monday, 6 is Sunday."""
    works_half_days: Mapped[bool] = mapped_column(default=True)
    """Whether a half-day counts as a working day."""
    source: Mapped[str | None] = mapped_column(String(80))
    """Slug of the source whose Business One holidays (HLD1) are imported."""
    source_calendar: Mapped[str | None] = mapped_column(String(80))
    """Code of the holiday calendar in that source (OHLD.HldCode)."""
    version: Mapped[int] = mapped_column(default=1)
    """Counts what people change in its settings, so that nobody overwrites unseen what another has
    saved; its days have a statement each."""


class CalendarDay(Base):
    __tablename__ = "calendar_day"
    __table_args__ = (UniqueConstraint("calendar_id", "day", "origin"),)

    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendar.id", ondelete="CASCADE"))
    day: Mapped[date]
    kind: Mapped[DayKind]
    name: Mapped[str] = mapped_column(String(200), default="")
    origin: Mapped[DayOrigin]
