"""The marks of the scheduler: an outage is seen, also where it fell into the middle of a pass."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tasks.db import db_now, reading, transaction
from tasks.models import SchedulerMark
from tasks.scheduling.marks import Pass, begin_pass, end_pass

HOUR = timedelta(hours=1)

pytestmark = pytest.mark.usefixtures("database")


def now() -> datetime:
    with reading() as session:
        return session.scalars(select(db_now())).one()


def mark(name: str) -> datetime:
    with reading() as session:
        return session.scalars(select(SchedulerMark.at).where(SchedulerMark.name == name)).one()


def set_mark(name: str, at: datetime) -> None:
    with transaction() as session:
        session.scalars(select(SchedulerMark).where(SchedulerMark.name == name)).one().at = at


def end(made: Pass) -> None:
    with transaction() as session:
        end_pass(session, made)


def test_the_first_pass_ever_comes_back_from_an_outage() -> None:
    before = now()
    made = begin_pass()
    assert before <= made.resumed_at <= made.began_at


def test_passes_that_follow_one_another_know_of_the_same_outage() -> None:
    first = begin_pass()
    end(first)
    assert begin_pass().resumed_at == first.resumed_at


def test_a_pass_that_was_held_up_for_an_hour_does_not_hide_the_hour() -> None:
    first = begin_pass()
    set_mark("tick", now() - HOUR)
    set_mark("resumed", now() - 2 * HOUR)
    end(Pass(now() - HOUR, now() - 2 * HOUR))
    assert begin_pass().resumed_at >= first.began_at


def test_a_pass_that_was_held_up_does_not_set_back_the_mark_of_another_scheduler() -> None:
    begin_pass()
    fresh = mark("tick")
    end(Pass(now() - HOUR, now() - HOUR))
    assert mark("tick") == fresh


def test_a_mark_from_the_future_is_taken_back_by_the_next_pass() -> None:
    made = begin_pass()
    set_mark("tick", now() + HOUR)
    end(made)
    assert mark("tick") == made.began_at
