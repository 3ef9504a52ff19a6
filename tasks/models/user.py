"""People and their sessions."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tasks.models.base import Base, JsonObject


class Role(StrEnum):
    """Each role may do what the ones before it may."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    EDITOR = "editor"
    AUTHOR = "author"
    ADMIN = "admin"

    def includes(self, other: "Role") -> bool:
        """Whether this role may do what `other` may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


class User(Base):
    __tablename__ = "user"

    login: Mapped[str] = mapped_column(String(120), unique=True)
    full_name: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(default=Role.VIEWER)
    is_active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str | None] = mapped_column(String(5))
    email: Mapped[str | None] = mapped_column(String(320))
    wants_digest: Mapped[bool] = mapped_column(default=False)
    """Whether a letter tells once a week what ran and what failed."""
    digest_sent_at: Mapped[datetime | None]
    digest_taken_at: Mapped[datetime | None]
    digest_takes: Mapped[int] = mapped_column(default=0)
    """How often the letter of that week was taken to be sent, without word of what became of it."""


class WebSession(Base):
    """A browser's session. Only the digest of its token is kept."""

    __tablename__ = "web_session"

    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    content: Mapped[JsonObject] = mapped_column(default=dict)
    expires_at: Mapped[datetime] = mapped_column(index=True)
