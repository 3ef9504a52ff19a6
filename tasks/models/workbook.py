"""A workbook template: somebody's own .xlsx file, which a report fills with its rows."""

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from tasks.models.base import Base


class WorkbookTemplate(Base):
    __tablename__ = "workbook_template"

    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    changed_by: Mapped[str] = mapped_column(String(120))
