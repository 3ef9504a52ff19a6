"""After each run the broker is looked at, and refilled before it is empty."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.models import Run, Worker
from tasks.runs.broker import messages_in
from tasks.runs.dispatch import dispatch_soon
from tasks.runs.plenty import MESSAGES_PER_SLOT, is_spared, spare
from tasks.runs.statements import NOT_TOLD
from tasks.runs.window import mark, waiting
from tests.support.factories import a_run, a_task
from tests.support.valkey import Valkey
from tests.support.waiting import wait_until

WINDOW = MESSAGES_PER_SLOT * 2


@pytest.fixture
def full_window(broker: Valkey) -> list[int]:
    """Return the ids of the runs in the broker, in their order; more runs wait behind them."""
    with transaction() as session:
        session.add(Worker(name="w", queues=["default"], slots=2, last_seen_at=utcnow()))
    task = a_task()
    runs = [a_run(task).id for _ in range(3 * WINDOW)]
    assert dispatch_soon()
    assert told() == runs[:WINDOW]
    return runs[:WINDOW]


def told() -> list[int]:
    with reading() as session:
        of_them = select(Run.id).where(Run.republish_at.is_not(None)).order_by(Run.id)
        return list(session.scalars(of_them))


def end(runs: list[int]) -> None:
    with transaction() as session:
        session.execute(update(Run).where(Run.id.in_(runs)).values(NOT_TOLD | {"state": "running"}))


def test_after_a_run_the_broker_is_left_alone_while_it_has_plenty(full_window: list[int]) -> None:
    end(full_window[: WINDOW // 2 - 1])
    assert dispatch_soon(after="default")
    assert len(told()) == WINDOW // 2 + 1


def test_after_a_run_the_broker_is_refilled_at_a_quarter_at_the_latest(
    full_window: list[int],
) -> None:
    end(full_window[: WINDOW * 3 // 4])
    assert dispatch_soon(after="default")
    assert len(told()) == WINDOW
    assert messages_in("default") == WINDOW + WINDOW * 3 // 4  # nobody has taken the first ones


def test_a_pass_of_the_scheduler_fills_the_window_whatever_is_left(full_window: list[int]) -> None:
    end(full_window[:1])
    assert dispatch_soon()
    assert len(told()) == WINDOW


def test_after_a_run_of_a_queue_that_was_never_filled_all_are_told(broker: Valkey) -> None:
    run = a_run(queue="seldom")
    assert dispatch_soon(after="seldom")
    assert told() == [run.id]


def test_runs_that_leave_a_quarter_of_the_window_are_spared_a_look(full_window: list[int]) -> None:
    assert not is_spared("default")
    assert dispatch_soon(after="default")
    assert [is_spared("default") for _ in range(4)] == [True, True, True, False]


def test_nothing_is_spared_while_a_run_is_held(full_window: list[int]) -> None:
    assert dispatch_soon(after="default")
    a_run(reason_code="retry", next_attempt_at=utcnow() + timedelta(minutes=5))
    assert dispatch_soon(after="default")
    assert not is_spared("default")


def test_a_look_does_not_spare_for_long(full_window: list[int]) -> None:
    assert dispatch_soon(after="default")
    spare("default", 10**9)
    assert is_spared("default")
    wait_until(lambda: not is_spared("default"), "the look is old", seconds=5)


def test_a_row_that_somebody_has_at_this_moment_is_not_waited_for(
    postgres_database: str,
) -> None:
    task = a_task()
    taken, free = a_run(task).id, a_run(task).id
    with transaction() as first, transaction() as second:
        rows = waiting(second)
        first.execute(update(Run).where(Run.id == taken).values(reason="is being cancelled"))
        assert [row.id for row in mark(second, rows)] == [free]
    assert told() == [free]
