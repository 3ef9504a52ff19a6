"""Who wants to hear of a task, and who does not."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tasks.models.base import Base


class Subscription(Base):
    """A user who is told when a task fails and when it works again."""

    __tablename__ = "subscription"
    __table_args__ = (UniqueConstraint("user_id", "task_definition_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    task_definition_id: Mapped[int] = mapped_column(
        ForeignKey("task_definition.id", ondelete="CASCADE"), index=True
    )


class Unsubscription(Base):
    """A recipient who asked not to get a task's mails any more, in small letters."""

    __tablename__ = "unsubscription"
    __table_args__ = (UniqueConstraint("task_definition_id", "address"),)

    task_definition_id: Mapped[int] = mapped_column(
        ForeignKey("task_definition.id", ondelete="CASCADE")
    )
    address: Mapped[str] = mapped_column(String(320))
