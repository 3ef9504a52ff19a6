"""The scheduler's marks: when it last worked, and when it came back after an outage."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from tasks.db import db_now, engine, reading, transaction
from tasks.models import SchedulerMark
from tasks.scheduling.marks import OUTAGE_TICKS, Pass, begin_pass, end_pass, outage
from tasks.settings import settings

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def marks() -> dict[str, datetime]:
    with reading() as session:
        rows = session.scalars(select(SchedulerMark))
        return {mark.name: mark.at for mark in rows}


def now() -> datetime:
    """Return the database's own present instant."""
    with reading() as session:
        return session.scalars(select(db_now())).one()


def a_pass() -> Pass:
    made = begin_pass()
    with transaction() as session:
        end_pass(session, made)
    return made


def let_pass(length: timedelta, *names: str) -> None:
    """Set the marks of these names, or all, back, as if so much time had passed since."""
    for name, at in marks().items():
        if names and name not in names:
            continue
        with transaction() as session:
            mark = update(SchedulerMark).where(SchedulerMark.name == name)
            session.execute(mark.values(at=at - length))


def in_two_threads() -> list[Pass]:
    start = threading.Barrier(2)
    engine()

    def begin(_: int) -> Pass:
        start.wait(timeout=60)
        return begin_pass()

    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(begin, range(2)))


def test_an_outage_is_ten_ticks(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATOR_TICK_SECONDS", "0.5")
    settings.cache_clear()
    assert outage() == OUTAGE_TICKS * SECOND / 2 == 5 * SECOND


def test_the_first_pass_of_all_comes_back_now(database: str) -> None:
    before = now()
    first = begin_pass()
    assert before <= first.resumed_at <= first.began_at <= now()
    assert set(marks()) == {"tick", "resumed"}
    assert marks()["resumed"] == first.resumed_at


def test_passes_that_follow_one_another_know_of_one_return(database: str) -> None:
    first = a_pass()
    let_pass(outage() - SECOND)
    before = marks()
    second = a_pass()
    assert second.resumed_at == before["resumed"] < first.resumed_at
    assert marks() == {"resumed": before["resumed"], "tick": second.began_at}


def test_a_pass_after_an_outage_has_just_come_back(database: str) -> None:
    a_pass()
    let_pass(outage() + SECOND)
    silent = marks()["tick"]
    back = begin_pass()
    assert back.resumed_at > silent + outage()
    assert marks()["resumed"] == back.resumed_at
    assert a_pass().resumed_at == back.resumed_at


def test_of_two_schedulers_that_come_back_at_once_both_know_the_same_return(
    database: str,
) -> None:
    for length in (timedelta(), outage() + MINUTE):  # the very first start, then an outage
        let_pass(length)
        left, right = in_two_threads()
        assert left.resumed_at == right.resumed_at == marks()["resumed"]
        assert now() - left.resumed_at < MINUTE


def test_one_that_was_held_up_in_its_pass_does_not_hide_the_outage(database: str) -> None:
    a_pass()
    frozen = begin_pass()
    let_pass(outage() + SECOND)
    with transaction() as session:
        end_pass(session, Pass(frozen.began_at - outage() - SECOND, frozen.resumed_at))
    after = begin_pass()
    assert after.resumed_at > frozen.began_at


def test_a_slow_pass_does_not_set_the_mark_of_a_quicker_one_back(database: str) -> None:
    slow = begin_pass()
    quick = a_pass()
    with transaction() as session:
        end_pass(session, slow)
    assert marks()["tick"] == quick.began_at


def test_a_mark_from_the_future_is_set_right(database: str) -> None:
    a_pass()
    let_pass(-MINUTE)
    made = a_pass()
    assert marks()["tick"] == made.began_at


@pytest.mark.parametrize("wrong", [["resumed"], ["resumed", "tick"]])
def test_a_return_from_the_future_is_set_right_at_once(database: str, wrong: list[str]) -> None:
    a_pass()
    for name in wrong:
        let_pass(-60 * MINUTE, name)
    before = now()
    left, right = in_two_threads()
    assert before <= left.resumed_at == right.resumed_at == marks()["resumed"] <= now()


def test_the_clock_of_the_machine_that_schedules_does_not_matter(database: str) -> None:
    first = a_pass()
    with time_machine.travel(datetime(2036, 1, 1, tzinfo=UTC)):
        second = a_pass()
    assert second.resumed_at == first.resumed_at
    assert marks()["tick"] - first.began_at < MINUTE


def test_passes_that_all_fail_leave_the_scheduler_silent_and_what_was_due_missed(
    database: str,
) -> None:
    a_pass()
    let_pass(outage() + SECOND)
    silent = marks()["tick"]
    first = begin_pass()
    assert begin_pass().resumed_at == first.resumed_at
    let_pass(outage() + SECOND)
    again = begin_pass()
    assert again.resumed_at > first.resumed_at
    assert marks()["tick"] == silent - outage() - SECOND
