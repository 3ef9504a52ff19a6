"""Which waiting rows get a message, in which order, and when they get another one."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tasks.clock import utcnow
from tasks.db import db_now, reading, transaction
from tasks.models import Run, RunState, Worker
from tasks.runs.plenty import MESSAGES_PER_SLOT
from tasks.runs.window import mark, waiting, without_needless
from tests.support.clicking import promise_in
from tests.support.factories import a_run, a_task

WINDOW = MESSAGES_PER_SLOT * 2


def mark_all() -> list[int]:
    with transaction() as session:
        return [row.id for row in mark(session, waiting(session))]


def let_the_grace_end() -> None:
    with transaction() as session:
        told = update(Run).where(Run.republish_at.is_not(None))
        session.execute(told.values(republish_at=db_now(timedelta(seconds=-1))))


def test_the_most_urgent_come_first_and_the_window_is_kept(database: str) -> None:
    task = a_task()
    for _ in range(WINDOW):
        a_run(task)
    urgent = [a_run(task, priority=9).id, a_run(task, priority=9).id]
    marked = mark_all()
    assert marked[:2] == urgent
    assert len(marked) == WINDOW
    assert mark_all() == []


def test_a_full_queue_leaves_room_in_another(database: str) -> None:
    task = a_task()
    for _ in range(WINDOW + 1):
        a_run(task)
    mark_all()
    other = a_run(task, queue="other")
    assert mark_all() == [other.id]


def test_the_window_grows_with_the_slots_of_living_workers(database: str) -> None:
    with transaction() as session:
        alive = {"queues": ["default"], "slots": 3}
        session.add(Worker(name="alive", last_seen_at=utcnow(), **alive))
        long_ago = utcnow() - timedelta(hours=1)
        session.add(Worker(name="gone", last_seen_at=long_ago, **alive))
    task = a_task()
    for _ in range(20):
        a_run(task)
    assert len(mark_all()) == MESSAGES_PER_SLOT * 3


def test_a_message_that_nobody_claimed_is_sent_again_after_a_grace_that_grows(
    database: str,
) -> None:
    run = a_run()
    graces = []
    for _ in range(3):
        assert mark_all() == [run.id]
        with reading() as session:
            row = session.get_one(Run, run.id)
        assert row.republish_at is not None
        assert row.published_at is not None
        graces.append(round((row.republish_at - row.published_at).total_seconds()))
        assert mark_all() == []
        let_the_grace_end()
    assert graces == [10, 20, 40]


@pytest.mark.parametrize(("held", "again"), [(0, 4), (3, 1), (4, 0), (9, 0), (None, 0)])
def test_no_more_messages_are_sent_again_than_the_broker_lacks(
    database: str, held: int | None, again: int
) -> None:
    task = a_task()
    for _ in range(4):
        a_run(task)
    mark_all()
    let_the_grace_end()
    new = a_run(task)
    with reading() as session:
        needed = without_needless(session, waiting(session), held=lambda _queue: held)
    assert len(needed) == again + 1
    assert needed[-1].id == new.id


def test_a_message_that_could_not_be_sent_is_no_copy(database: str) -> None:
    run = a_run(publications=1, republish_at=None)
    with reading() as session:
        [needed] = without_needless(session, waiting(session), held=lambda _queue: 0)
    assert needed.id == run.id


def test_of_two_who_saw_the_same_row_one_marks_it(database: str) -> None:
    a_run()
    with reading() as session:
        rows = waiting(session)
    with transaction() as session:
        assert mark(session, rows) == rows
    with transaction() as session:
        assert mark(session, rows) == []


def test_what_waits_for_its_next_attempt_or_has_ended_gets_no_message(database: str) -> None:
    task = a_task()
    a_run(task, reason_code="retry", next_attempt_at=utcnow() + timedelta(hours=1))
    a_run(task, state=RunState.SUCCEEDED)
    assert mark_all() == []


def test_a_promise_marks_its_run_only_while_there_is_room(database: str) -> None:
    task = a_task()
    with transaction() as session:
        for number in range(WINDOW + 1):
            promise_in(session, task, request_key=str(number))
    with reading() as session:
        marks = session.scalars(select(Run.published_at).order_by(Run.id)).all()
    assert [at is not None for at in marks] == [True] * WINDOW + [False]


def test_messages_that_lie_long_make_no_room_for_more(database: str) -> None:
    task = a_task()
    first = [a_run(task).id for _ in range(WINDOW)]
    for _ in range(WINDOW):
        a_run(task)
    assert mark_all() == first
    let_the_grace_end()
    with reading() as session:
        rows = waiting(session)
        assert [row.id for row in rows] == first
        assert without_needless(session, rows, held=lambda _queue: WINDOW) == []
        assert without_needless(session, rows, held=lambda _queue: WINDOW - 1) == rows[:1]


def test_what_was_lost_is_sent_again_although_more_urgent_runs_wait(database: str) -> None:
    task = a_task()
    lost = [a_run(task).id for _ in range(WINDOW)]
    assert mark_all() == lost
    let_the_grace_end()
    for _ in range(2 * WINDOW):
        a_run(task, priority=9)
    assert mark_all() == lost


def test_what_may_not_start_any_more_keeps_no_other_waiting(database: str) -> None:
    task, over = a_task(), utcnow() - timedelta(minutes=1)
    for _ in range(WINDOW):
        a_run(task, start_by=over, priority=9)
    a_run(task, start_by=over, queue="other")
    fresh = [
        a_run(task, start_by=utcnow() + timedelta(minutes=1)).id,
        a_run(task, start_by=over, attempt=1).id,
    ]
    assert mark_all() == fresh
