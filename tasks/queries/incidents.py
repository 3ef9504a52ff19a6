"""Incidents for the screen."""

from collections.abc import Mapping

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tasks.models import Incident, Subscription, TaskDefinition


def open_incident(session: Session, task: TaskDefinition) -> Incident | None:
    """Return since when the task fails; None where it does not."""
    is_open = (Incident.task_definition_id == task.id, Incident.closed_at.is_(None))
    return session.scalars(select(Incident).where(*is_open)).one_or_none()


def open_incidents(session: Session, task_ids: list[int]) -> Mapping[int, Incident]:
    """Return by task since when it fails; one that does not is left out."""
    if not task_ids:
        return {}
    is_open = (Incident.task_definition_id.in_(task_ids), Incident.closed_at.is_(None))
    return {
        one.task_definition_id: one for one in session.scalars(select(Incident).where(*is_open))
    }


def is_followed(session: Session, task: TaskDefinition, *, user_id: int) -> bool:
    """Whether the user wants to hear of the task."""
    mine = (Subscription.user_id == user_id, Subscription.task_definition_id == task.id)
    return bool(session.scalar(select(exists().where(*mine))))


def heard_of(session: Session, *, user_id: int) -> list[TaskDefinition]:
    """Return the tasks that the user is told of: those that are theirs, and those they follow."""
    follows = exists().where(
        Subscription.user_id == user_id, Subscription.task_definition_id == TaskDefinition.id
    )
    mine = select(TaskDefinition).where((TaskDefinition.owner_id == user_id) | follows)
    return list(session.scalars(mine.order_by(TaskDefinition.title, TaskDefinition.id)))
