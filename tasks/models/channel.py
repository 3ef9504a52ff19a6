"""A channel: a way on which files reach people, as an administrator has set it up."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tasks.kinds import ChannelKind
from tasks.models.base import Base, JsonObject


class Channel(Base):
    """A mail account, a folder, a server. The installation's own mail server needs no row."""

    __tablename__ = "channel"

    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[ChannelKind]
    settings: Mapped[JsonObject] = mapped_column(default=dict)
    """What the model of its kind says; never a secret."""
    secret_encrypted: Mapped[str | None] = mapped_column(Text)
    """A password, a private key, or a webhook's address, which is as good as a password."""
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    free_at: Mapped[datetime | None]
    """When the next message may go, by the database's clock, where its rate is limited."""
