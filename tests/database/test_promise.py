"""The promise of a run, on both databases."""

import pytest
from sqlalchemy import func, select

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.errors import Conflict, Invalid
from tasks.models import Run, RunEvent, RunState
from tasks.runs.promise import promise_again
from tests.support.clicking import a_promise
from tests.support.factories import a_run, a_task

PARAMETERS = [{"name": "day", "type": "date", "default": "today"}]


def count(model: type[Run] | type[RunEvent]) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_promise_is_a_queued_row_with_an_event(database: str) -> None:
    run = a_promise(a_task(parameters=PARAMETERS, priority=7))
    assert (run.state, run.priority, run.parameters) == (RunState.QUEUED, 7, {"day": "today"})
    assert run.scheduled_for == run.due_at
    assert (count(Run), count(RunEvent)) == (1, 1)


def test_a_double_click_gives_one_run(database: str) -> None:
    task = a_task()
    first, second = a_promise(task, request_key="form-1"), a_promise(task, request_key="form-1")
    assert first.id == second.id
    assert (count(Run), count(RunEvent)) == (1, 1)


def test_the_key_of_another_person_is_another_key(database: str) -> None:
    task = a_task()
    first = a_promise(task, request_key="k")
    assert a_promise(task, request_key="k", by="mehmet").id != first.id


def test_the_same_key_with_other_content_is_a_conflict(database: str) -> None:
    task = a_task(parameters=PARAMETERS)
    a_promise(task, request_key="k")
    with pytest.raises(Conflict, match="made before with other content"):
        a_promise(task, request_key="k", parameters={"day": "2026-01-01"})
    assert count(Run) == 1


def test_parameters_that_do_not_fit_promise_nothing(database: str) -> None:
    task = a_task(parameters=PARAMETERS)
    with pytest.raises(Invalid):
        a_promise(task, parameters={"day": "someday"})
    with pytest.raises(Invalid):
        a_promise(task, parameters={"dya": "today"})
    assert count(Run) == 0


def test_a_task_that_is_off_promises_nothing(database: str) -> None:
    with pytest.raises(Conflict, match="is off"):
        a_promise(a_task(is_active=False))
    assert count(Run) == 0


def test_a_retry_by_hand_is_a_new_run_for_the_same_instant(database: str) -> None:
    task = a_task(parameters=PARAMETERS)
    failed = a_run(task, state=RunState.FAILED, parameters={"day": "today", "gone": 1})
    with transaction() as session:
        again = promise_again(session, failed, triggered_by="ayse", now=utcnow())
    assert again.id != failed.id
    assert (again.retry_of_id, again.scheduled_for) == (failed.id, failed.scheduled_for)
    assert again.parameters == {"day": "today"}


def test_a_run_that_has_not_ended_cannot_be_repeated(database: str) -> None:
    run = a_run(state=RunState.RUNNING)
    with transaction() as session, pytest.raises(Conflict, match="has not ended yet"):
        promise_again(session, run, triggered_by="ayse", now=utcnow())
