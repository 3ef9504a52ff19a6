"""A chain: when a run of one task has ended, another task is run."""

from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tasks.models.base import Base, JsonObject
from tasks.models.task import TaskDefinition


class ChainOn(StrEnum):
    SUCCESS = "success"
    FAILURE = "failure"
    """Any other end than success, but neither `cancelled` nor `skipped`."""


class TaskChain(Base):
    __tablename__ = "task_chain"
    __table_args__ = (UniqueConstraint("task_definition_id", "next_task_id", "on"),)

    task_definition_id: Mapped[int] = mapped_column(
        ForeignKey("task_definition.id", ondelete="CASCADE")
    )
    next_task_id: Mapped[int] = mapped_column(
        ForeignKey("task_definition.id", ondelete="CASCADE"), index=True
    )
    on: Mapped[ChainOn]
    parameters: Mapped[JsonObject] = mapped_column(default=dict)
    """Of the next task, by name: {"from": name of a parameter of the first} or {"value": …}."""

    task: Mapped[TaskDefinition] = relationship(lazy="raise", foreign_keys=[task_definition_id])
    next_task: Mapped[TaskDefinition] = relationship(lazy="raise", foreign_keys=[next_task_id])
