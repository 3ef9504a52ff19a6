"""The marks of the scheduler: its last pass, and when it came back after an outage."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, select, update
from sqlalchemy.orm import Session

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


def leave_mark(session: Session, name: str) -> None:
    """Write down that this part of the scheduler has just succeeded."""
    left = session.scalar(_LEAVE, {"mark": name})
    if left is None:
        insert_once(session, SchedulerMark, {"name": name, "at": db_now()})


def resumed_at() -> datetime:
    """Return when the scheduler came back from its last outage: now, where it does so now."""
    outage = timedelta(seconds=OUTAGE_TICKS * settings().tick_seconds)
    silent = SchedulerMark.at < db_now(-outage)
    with reading() as session:
        rows = session.execute(
            select(SchedulerMark.name, SchedulerMark.at, silent).where(
                SchedulerMark.name.in_(("tick", "resumed"))
            )
        )
        marks = {name: (at, is_silent) for name, at, is_silent in rows}
    if "tick" in marks and "resumed" in marks and not marks["tick"][1]:
        return marks["resumed"][0]
    with transaction() as session:
        return _come_back(session, silent)


def _come_back(session: Session, silent: ColumnElement[bool]) -> datetime:
    """Write the end of the outage down, unless another scheduler has just done so."""
    first = insert_once(session, SchedulerMark, {"name": "tick", "at": db_now()})
    again = session.scalar(
        update(SchedulerMark)
        .where(SchedulerMark.name == "tick", silent)
        .values(at=db_now())
        .returning(SchedulerMark.id),
        execution_options=QUIETLY,
    )
    insert_once(session, SchedulerMark, {"name": "resumed", "at": db_now()})
    if first is not None or again is not None:
        leave_mark(session, "resumed")
    return session.scalars(select(SchedulerMark.at).where(SchedulerMark.name == "resumed")).one()
