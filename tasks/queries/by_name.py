"""Things by the names that people give them."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tasks.errors import NotFound
from tasks.models import Source, TaskDefinition, User


def task_named(session: Session, slug: str) -> TaskDefinition:
    """Return the task of this name; raises NotFound."""
    task = session.scalar(select(TaskDefinition).where(TaskDefinition.slug == slug))
    if task is None:
        raise NotFound("There is no task “{slug}”.", slug=slug)
    return task


def source_named(session: Session, slug: str) -> Source:
    """Return the source of this name; raises NotFound."""
    source = session.scalar(select(Source).where(Source.slug == slug))
    if source is None:
        raise NotFound("There is no source “{slug}”.", slug=slug)
    return source


def lock_source(session: Session, source: Source) -> None:
    """Let whoever makes tasks of this source at the same time wait, and then see ours."""
    session.execute(select(Source.id).where(Source.id == source.id).with_for_update())


def user_named(session: Session, login: str) -> User:
    """Return the user of this login name; raises NotFound."""
    user = session.scalar(select(User).where(User.login == login))
    if user is None:
        raise NotFound("There is no user “{login}”.", login=login)
    return user


def users() -> Select[User]:
    """Select all users by their login names."""
    return select(User).order_by(User.login)
