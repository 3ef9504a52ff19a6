"""An incident: a task that fails, from its first failure until it succeeds; told once."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from tasks.models.base import Base

OPEN = "closed_at IS NULL"


class Incident(Base):
    """Of a task at most one is open."""

    __tablename__ = "incident"
    __table_args__ = (
        Index(
            "uq_incident_open",
            "task_definition_id",
            unique=True,
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
    )

    task_definition_id: Mapped[int] = mapped_column(
        ForeignKey("task_definition.id", ondelete="CASCADE"), index=True
    )
    first_run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id", ondelete="SET NULL"))
    last_run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id", ondelete="SET NULL"))
    failures: Mapped[int] = mapped_column(default=1)
    """How many runs have failed in it."""
    closed_at: Mapped[datetime | None]
    closed_by_run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id", ondelete="SET NULL"))
