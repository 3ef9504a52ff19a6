"""Who is told of a task: its owner, those who follow it, and the addresses of its settings."""

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import Session

from tasks.db import insert_once
from tasks.models import Subscription, TaskDefinition, User
from tasks.recipients import refusal_of


def people_of(session: Session, task: TaskDefinition) -> list[str]:
    """Return the addresses to tell, each once; who has none hears of it on the pages only."""
    follows = exists().where(
        Subscription.user_id == User.id, Subscription.task_definition_id == task.id
    )
    of_users = session.scalars(
        select(User.email).where(
            User.email.is_not(None), User.is_active, or_(User.id == task.owner_id, follows)
        )
    )
    everybody = [*(one for one in of_users if one), *task.alert_recipients]
    each = {one.lower(): one for one in everybody if not refusal_of(one)}
    return sorted(each.values())


def follow(session: Session, *, user_id: int, task_id: int) -> None:
    """Let the user hear of the task from now on."""
    insert_once(session, Subscription, {"user_id": user_id, "task_definition_id": task_id})


def unfollow(session: Session, *, user_id: int, task_id: int) -> None:
    """Let the user hear of the task no more, unless it is their own."""
    session.execute(
        delete(Subscription).where(
            Subscription.user_id == user_id, Subscription.task_definition_id == task_id
        )
    )
