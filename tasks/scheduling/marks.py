"""The marks of the scheduler: its last pass, and when it came back after an outage."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, exists, not_, or_, select, update
from sqlalchemy.orm import Session, aliased

from tasks.db import db_now, insert_once, reading, transaction
from tasks.models import Base, SchedulerMark
from tasks.settings import settings

OUTAGE_TICKS = 10
"""After so many ticks without a pass, what was due meanwhile was missed."""
QUIETLY = {"synchronize_session": False}


_MARKS = Base.metadata.tables["scheduler_mark"]
_LEAVE = (
    update(_MARKS)
    .where(_MARKS.c.name == bindparam("mark"))
    .values(at=db_now())
    .returning(_MARKS.c.id)
)


_END = (
    update(_MARKS)
    .where(
        _MARKS.c.name == "tick",
        or_(_MARKS.c.at < bindparam("began_at"), _MARKS.c.at > db_now()),
    )
    .values(at=bindparam("began_at"))
)
"""A pass that took long does not set back the mark of another; one from the future is no mark."""


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass of the scheduler: when it began, and when the last outage ended that it knows of."""

    began_at: datetime
    """By the database's clock."""
    resumed_at: datetime


def outage() -> timedelta:
    """Return the length without a pass after which what was due meanwhile was missed."""
    return timedelta(seconds=OUTAGE_TICKS * settings().tick_seconds)


def begin_pass() -> Pass:
    """Begin a pass; where none was made for the length of an outage, the outage ends now."""
    with reading() as session:
        rows = session.execute(
            select(SchedulerMark.name, SchedulerMark.at, _is_old(SchedulerMark), db_now()).where(
                SchedulerMark.name.in_(("tick", "resumed"))
            )
        )
        marks = {name: (at, is_old, now) for name, at, is_old, now in rows}
    if "tick" in marks and "resumed" in marks and not marks["tick"][1]:
        resumed_at, _, now = marks["resumed"]
        if resumed_at <= now:
            return Pass(now, resumed_at)
    with transaction() as session:
        resumed_at = _come_back(session)
        return Pass(session.scalars(select(db_now())).one(), resumed_at)


def end_pass(session: Session, made: Pass) -> None:
    """Write down that the scheduler was awake when this pass began.

    Not when it ends: one that was held up in its middle would hide an outage from the next.
    """
    session.execute(_END, {"began_at": made.began_at})


def leave_mark(session: Session, name: str) -> None:
    """Write down that this part of the scheduler has just succeeded."""
    left = session.scalar(_LEAVE, {"mark": name})
    if left is None:
        insert_once(session, SchedulerMark, {"name": name, "at": db_now()})


def _come_back(session: Session) -> datetime:
    """Write the end of the outage down, unless another scheduler has just done so.

    The mark `tick` is left as it is: passes that begin and fail, one after the other, are silence.
    A return from the future is none: the clock was set back since.
    """
    insert_once(session, SchedulerMark, {"name": "resumed", "at": db_now()})
    tick = aliased(SchedulerMark)
    awake = exists().where(tick.name == "tick", not_(_is_old(tick)))
    after_silence = and_(_is_old(SchedulerMark), not_(awake))
    session.execute(
        update(SchedulerMark)
        .where(SchedulerMark.name == "resumed", or_(after_silence, SchedulerMark.at > db_now()))
        .values(at=db_now()),
        execution_options=QUIETLY,
    )
    insert_once(session, SchedulerMark, {"name": "tick", "at": db_now()})
    return session.scalars(select(SchedulerMark.at).where(SchedulerMark.name == "resumed")).one()


def _is_old(mark: type[SchedulerMark]) -> ColumnElement[bool]:
    return mark.at < db_now(-outage())
