"""A delivery: the files of one run to one recipient over one channel."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tasks.kinds import ChannelKind
from tasks.models.base import Base, JsonObject
from tasks.models.run import Run


class DeliveryState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    SUPPRESSED = "suppressed"

    @property
    def is_final(self) -> bool:
        return self not in (DeliveryState.QUEUED, DeliveryState.SENDING)


class Delivery(Base):
    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("run_id", "recipient", "channel", "channel_slug", "part"),
        Index(None, "state", "next_try_at"),
        Index(None, "recipient", "id"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    recipient: Mapped[str] = mapped_column(String(320))
    channel: Mapped[ChannelKind] = mapped_column(default=ChannelKind.EMAIL)
    channel_slug: Mapped[str] = mapped_column(String(80), default="")
    """Which channel of that kind; empty for the installation's own mail server."""
    part: Mapped[str] = mapped_column(String(200), default="")
    """Of a report that is split, whose rows it brings; empty for the files of all rows."""
    target: Mapped[JsonObject] = mapped_column(default=dict)
    """What its channel needs beside the recipient: copies, reply address, the pattern of a name."""
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.QUEUED)
    subject: Mapped[str] = mapped_column(String(400), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    """The same text with pictures and tables, for readers that show them; empty for none."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it is suppressed, or what is unusual about its end."""
    message_id: Mapped[str] = mapped_column(String(200))
    """Fixed when the delivery is planned, so that a mail sent twice can be recognised."""
    tries: Mapped[int] = mapped_column(default=0)
    doubtful_tries: Mapped[int] = mapped_column(default=0)
    """Tries of which nobody knows whether they arrived: with one, it may have been sent twice."""
    next_try_at: Mapped[datetime | None]
    """Not before then it is tried; while it is sent, since when."""
    lease_until: Mapped[datetime | None]
    """Until when its sender has it; while it waits, until when a message about it is on its way."""
    delivered_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)

    run: Mapped[Run] = relationship(lazy="raise")
