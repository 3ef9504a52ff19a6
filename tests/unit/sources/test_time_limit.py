"""A database without a limit of its own is told to stop when the time is over."""

import threading
import time

import pytest

from tasks.errors import ErrorKind, JobError
from tasks.sources.time_limit import within


def interrupted(stopped: threading.Event) -> None:
    """What a query does that ends by an order only."""
    assert stopped.wait(10)
    raise JobError("The query was interrupted.", kind=ErrorKind.SOURCE_LOST)


def unreached(stopped: threading.Event) -> None:
    assert stopped.wait(10)
    raise JobError("It was not reached.", kind=ErrorKind.SOURCE_UNREACHABLE)


def test_what_takes_too_long_is_stopped_and_says_how_long_it_may_take() -> None:
    stopped = threading.Event()
    with pytest.raises(JobError, match="longer than 0.05 s"), within(0.05, stopped.set):
        interrupted(stopped)


def test_an_order_that_came_between_two_steps_is_given_again() -> None:
    orders = threading.Semaphore(0)
    with within(0.05, orders.release):
        assert all(orders.acquire(timeout=10) for _ in range(3))


def test_what_fails_in_time_says_its_own_sentence() -> None:
    with pytest.raises(JobError, match="no such table"), within(30, lambda: None):
        raise JobError("There is no such table.", kind=ErrorKind.SQL)


def test_an_order_that_fails_is_given_again(caplog: pytest.LogCaptureFixture) -> None:
    given = threading.Semaphore(0)

    def fail() -> None:
        given.release()
        raise OSError("The database does not take the order.")

    with within(0.05, fail):
        assert all(given.acquire(timeout=10) for _ in range(2))
    assert "a query was not stopped" in caplog.text


def test_an_order_that_hangs_does_not_hold_what_has_ended() -> None:
    began, going, done = time.perf_counter(), threading.Event(), threading.Event()

    def hang() -> None:
        going.set()
        done.wait(30)

    with within(0.05, hang):
        assert going.wait(10)
    assert time.perf_counter() - began < 10
    done.set()


def test_a_database_that_was_not_reached_in_time_says_so() -> None:
    stopped = threading.Event()
    with pytest.raises(JobError, match="not reached"), within(0.05, stopped.set):
        unreached(stopped)


@pytest.mark.parametrize("seconds", [None, 30])
def test_nothing_is_left_behind(seconds: float | None) -> None:
    before = threading.active_count()
    began = time.perf_counter()
    with within(seconds, lambda: None):
        pass
    assert threading.active_count() == before
    assert time.perf_counter() - began < 5
