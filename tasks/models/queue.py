"""A queue: which workers do the work, whether it is paused, and how much of it runs at once."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from tasks.models.base import Base


class Queue(Base):
    """A named queue. A queue without a row is neither paused nor limited."""

    __tablename__ = "queue"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    paused: Mapped[bool] = mapped_column(default=False)
    paused_by: Mapped[str] = mapped_column(String(120), default="")
    max_running: Mapped[int | None]
    """How many of its runs may run at once; None means as many as there are slots."""
