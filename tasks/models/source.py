"""A source: a database that reports read."""

from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from tasks.models.base import Base, JsonObject


class SourceKind(StrEnum):
    DUCKDB = "duckdb"


class Source(Base):
    __tablename__ = "source"

    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[SourceKind]
    max_running: Mapped[int | None]
    """How many runs may read it at once; None for no limit."""
    settings: Mapped[JsonObject] = mapped_column(default=dict)
    """For DuckDB `file` (relative to the home folder) and `schema`."""
