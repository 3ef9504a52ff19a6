"""The reports whose settings name something by its short name."""

from collections.abc import Sequence

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from tasks.authorship import REPORT
from tasks.models import TaskDefinition


def reports_naming(session: Session, slug: str) -> Sequence[TaskDefinition]:
    """Return the reports in whose settings this text stands, by title; the caller knows where."""
    named = cast(TaskDefinition.settings, String).contains(f'"{slug}"', autoescape=True)
    wanted = select(TaskDefinition).where(TaskDefinition.job == REPORT, named)
    return session.scalars(wanted.order_by(TaskDefinition.title)).all()
