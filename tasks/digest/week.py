"""A week of the tasks that a person hears of, in figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select, true
from sqlalchemy.orm import Session, joinedload

from tasks.digest.due import WEEK
from tasks.models import (
    Role,
    Run,
    RunResult,
    RunState,
    Schedule,
    Subscription,
    TaskDefinition,
    User,
)
from tasks.queries.next_runs import count_runs

BAD = (RunState.FAILED, RunState.TIMED_OUT, RunState.LOST)
MOST_PLANNED = 10_000
"""Coming runs; to count more would hold up what else this process looks after."""


@dataclass(frozen=True, slots=True)
class TaskWeek:
    """What became of the runs of one task that ended in the week."""

    title: str
    slug: str
    succeeded: int
    failed: int
    late: int
    nothing_to_send: int
    """How many of those that succeeded had nothing to send."""


@dataclass(frozen=True, slots=True)
class Week:
    """The week before `until` and how many runs are planned for the one after."""

    until: datetime
    tasks: Sequence[TaskWeek]
    planned: int

    @property
    def since(self) -> datetime:
        return self.until - WEEK


def week_of(session: Session, user: User, *, until: datetime) -> Week:
    """Read the week of the tasks that are the person's or followed; of all, for administrators."""
    mine = _mine(user)
    rows = session.execute(_figures(mine, until - WEEK, until)).all()
    return Week(until, [TaskWeek(*row) for row in rows], _planned(session, mine, until))


def _mine(user: User) -> ColumnElement[bool]:
    if user.role is Role.ADMIN:
        return true()
    follows = exists().where(
        Subscription.user_id == user.id, Subscription.task_definition_id == TaskDefinition.id
    )
    return or_(TaskDefinition.owner_id == user.id, follows)


def _figures(
    mine: ColumnElement[bool], since: datetime, until: datetime
) -> Select[str, str, int, int, int, int]:
    def counted(which: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count(case((which, 1)))

    good = Run.state == RunState.SUCCEEDED
    failed = counted(Run.state.in_(BAD))
    return (
        select(
            TaskDefinition.title,
            TaskDefinition.slug,
            counted(good),
            failed,
            counted(Run.late_at.is_not(None)),
            counted(good & RunResult.was_to_send.is_(False)),
        )
        .join(Run, Run.task_definition_id == TaskDefinition.id)
        .outerjoin(RunResult, RunResult.run_id == Run.id)
        .where(mine, Run.finished_at >= since, Run.finished_at < until, Run.only_to.is_(None))
        .group_by(TaskDefinition.id, TaskDefinition.title, TaskDefinition.slug)
        .order_by(failed.desc(), TaskDefinition.title)
    )


def _planned(session: Session, mine: ColumnElement[bool], since: datetime) -> int:
    """Count the runs of the week that begins, as far as MOST_PLANNED."""
    schedules = session.scalars(
        select(Schedule)
        .join(TaskDefinition, TaskDefinition.id == Schedule.task_definition_id)
        .where(mine, Schedule.enabled, TaskDefinition.is_active)
        .options(joinedload(Schedule.task))
    ).all()
    return count_runs(session, schedules, now=since, until=since + WEEK, most=MOST_PLANNED)
