"""What the rows of a run came to, in figures: enough to decide and to compare without the files."""

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tasks.models.base import Base, JsonObject


class RunResult(Base):
    __tablename__ = "run_result"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), unique=True)
    attempt: Mapped[int]
    rows: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of all rows in their order: equal digests mean that nothing has changed."""
    figures: Mapped[JsonObject] = mapped_column(default=dict)
    """By column: its kind, and as exact texts its sum, its least, its largest, and how many."""
    was_to_send: Mapped[bool] = mapped_column(default=True)
    """Whether its condition was met; one that was not is nothing to compare the next one with."""
