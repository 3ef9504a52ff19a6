"""Chains: what follows the end of a run."""

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from tasks import db
from tasks.chains import bounds, promise_next
from tasks.db import reading, transaction
from tasks.errors import ErrorKind
from tasks.models import (
    ChainOn,
    Overlap,
    Run,
    RunEvent,
    RunState,
    TaskChain,
    TaskDefinition,
    Trigger,
)
from tasks.runs.perform import perform
from tests.support.chaining import chain, to
from tests.support.factories import a_run, a_schedule, a_task
from tests.support.rows import now
from tests.support.statements import statements_of

NOW = datetime(2026, 3, 16, 9, tzinfo=UTC)
DAY = {"name": "day", "type": "date"}
COUNT = {"name": "count", "type": "integer"}


def following(run: Run) -> list[Run]:
    """Tell the end of the run, and return what follows it."""
    with transaction() as session:
        promise_next(session, session.get_one(Run, run.id), now=NOW)
    with reading() as session:
        return list(session.scalars(select(Run).where(Run.cause_id == run.id).order_by(Run.id)))


def ended(task: TaskDefinition, state: RunState = RunState.SUCCEEDED, **values: Any) -> Run:
    return a_run(task, state=state, **values)


def test_a_success_promises_the_next_run_for_the_same_instant(database: str) -> None:
    first, second = a_task("first"), a_task("second", priority=8, queue="slow")
    chain(first, second)
    meant = datetime(2026, 3, 15, 6, tzinfo=UTC)
    (run,) = following(ended(first, scheduled_for=meant))
    assert (run.task_definition_id, run.state, run.trigger) == (
        second.id,
        RunState.QUEUED,
        Trigger.TASK,
    )
    assert (run.triggered_by, run.scheduled_for) == ("first", meant)
    assert (run.priority, run.queue, run.published_at) == (8, "slow", None)


def test_an_end_that_is_told_twice_promises_once(database: str) -> None:
    first, second = a_task("first"), a_task("second")
    chain(first, second)
    run = ended(first)
    assert [one.id for one in following(run)] == [one.id for one in following(run)]


@pytest.mark.parametrize(
    ("state", "slugs"),
    [
        (RunState.SUCCEEDED, ["well"]),
        (RunState.FAILED, ["badly"]),
        (RunState.TIMED_OUT, ["badly"]),
        (RunState.LOST, ["badly"]),
        (RunState.CANCELLED, []),
        (RunState.SKIPPED, []),
        (RunState.RUNNING, []),
    ],
)
def test_each_end_is_followed_by_its_own_chains(
    database: str, state: RunState, slugs: list[str]
) -> None:
    first, well, badly = a_task("first"), a_task("well"), a_task("badly")
    chain(first, to(well), to(badly, on="failure"))
    runs = following(ended(first, state))
    names = {well.id: "well", badly.id: "badly"}
    assert [names[run.task_definition_id] for run in runs] == slugs


def test_parameters_come_from_the_first_run_from_its_facts_or_are_fixed(database: str) -> None:
    first = a_task("first", parameters=[DAY | {"default": "today"}])
    texts = [{"name": name, "type": "text"} for name in ("state", "note")]
    second = a_task("second", parameters=[DAY, COUNT, *texts])
    parameters = {
        "day": {"from": "day"},
        "count": {"run": "rows"},
        "state": {"run": "state"},
        "note": {"value": "after the first"},
    }
    chain(first, to(second, parameters=parameters))
    (run,) = following(ended(first, rows=12, parameters={"day": "2026-03-01"}))
    assert run.parameters == {
        "day": "2026-03-01",
        "count": 12,
        "state": "succeeded",
        "note": "after the first",
    }


def test_a_relative_date_is_handed_on_as_the_day_it_meant_in_the_zone_of_the_schedule(
    database: str,
) -> None:
    first, second = a_task("first", parameters=[DAY]), a_task("second", parameters=[DAY])
    chain(first, to(second, parameters={"day": {"from": "day"}}))
    schedule = a_schedule(first, timezone="Pacific/Auckland")
    meant = datetime(2026, 3, 15, 22, tzinfo=UTC)  # the 16th in Auckland
    run = ended(
        first, schedule_id=schedule.id, scheduled_for=meant, parameters={"day": "days_ago(1)"}
    )
    assert [one.parameters for one in following(run)] == [{"day": "2026-03-15"}]


def test_a_day_that_only_the_source_could_tell_is_taken_over_as_the_first_run_read_it(
    database: str,
) -> None:
    first, second = a_task("first", parameters=[DAY]), a_task("second", parameters=[DAY])
    chain(first, to(second, parameters={"day": {"from": "day"}}))
    word = {"day": "posting_period_start"}
    (run,) = following(ended(first, parameters=word, resolved={"day": "2026-03-01"}))
    assert run.parameters == {"day": "2026-03-01"}
    (other,) = following(ended(first, parameters=word))
    assert other.parameters == word


def test_the_day_of_the_first_run_can_be_handed_on(database: str) -> None:
    first, second = a_task("first"), a_task("second", parameters=[DAY])
    chain(first, to(second, parameters={"day": {"run": "scheduled_for"}}))
    run = ended(first, scheduled_for=datetime(2026, 3, 15, 22, tzinfo=UTC))
    assert [one.parameters for one in following(run)] == [{"day": "2026-03-16"}]  # in Istanbul


def test_a_next_task_that_is_off_leaves_a_skipped_run_that_says_so(database: str) -> None:
    first, second = a_task("first"), a_task("second", is_active=False)
    chain(first, second)
    (run,) = following(ended(first))
    assert (run.state, run.reason_code, run.reason) == (
        RunState.SKIPPED,
        "off",
        "The task is switched off.",
    )
    assert run.finished_at == NOW


def test_parameters_that_no_longer_fit_leave_a_failed_run_which_its_own_chains_follow(
    database: str,
) -> None:
    first, second, alarm = a_task("first"), a_task("second", parameters=[COUNT]), a_task("alarm")
    chain(first, to(second, parameters={"count": {"run": "rows"}}))
    chain(second, to(alarm, on="failure"))
    (run,) = following(ended(first, rows=None))
    assert (run.state, run.error_kind) == (RunState.FAILED, ErrorKind.PARAMETER)
    assert run.error == "count is missing."
    with reading() as session:
        events = session.scalars(select(RunEvent.state).where(RunEvent.run_id == run.id)).all()
        (last,) = session.scalars(select(Run).where(Run.cause_id == run.id))
    assert events == [RunState.FAILED]
    assert (last.task_definition_id, last.state) == (alarm.id, RunState.QUEUED)


SPOILT = {
    "zone": "UPDATE schedule SET timezone = 'Mars/Olympus'",
    "first": """UPDATE task_definition SET parameters = '[{"name": 1}]' WHERE slug = 'first'""",
    "second": """UPDATE task_definition SET parameters = '[{"name": 1}]' WHERE slug = 'second'""",
    "chain": """
        UPDATE task_chain SET parameters = '{"day": {"moon": "full"}}' WHERE "on" = 'success'
    """,
    "chain of two": """
        UPDATE task_chain SET parameters = '{"day": {"run": "id", "value": 1}}'
        WHERE "on" = 'success'
    """,
}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_rows_that_were_spoilt_by_hand_leave_a_failed_run_which_its_own_chains_follow(
    database: str, spoilt: str
) -> None:
    first, second, alarm = a_task("first"), a_task("second", parameters=[DAY]), a_task("alarm")
    chain(second, to(alarm, on="failure"))
    chain(first, to(second, parameters={"day": {"run": "scheduled_for"}}))
    run = ended(first, schedule_id=a_schedule(first).id)
    with db.engine().begin() as connection:
        connection.execute(text(SPOILT[spoilt]))
    (then,) = following(run)
    assert (then.state, then.error_kind) == (RunState.FAILED, ErrorKind.PARAMETER)
    assert then.error
    with reading() as session:
        (last,) = session.scalars(select(Run).where(Run.cause_id == then.id))
    assert (last.task_definition_id, last.state) == (alarm.id, RunState.QUEUED)


def test_a_next_task_that_may_not_overlap_and_still_runs_leaves_a_skipped_run(
    database: str,
) -> None:
    first, second = a_task("first"), a_task("second", overlap=Overlap.SKIP)
    chain(first, second)
    running = a_run(second, state=RunState.RUNNING)
    (run,) = following(ended(first))
    assert (run.state, run.reason_code) == (RunState.SKIPPED, "overlap")
    assert f"Run {running.id} of “Second” has not ended yet" in run.reason


def test_an_end_told_twice_does_not_replace_the_run_that_it_promised(database: str) -> None:
    first, second = a_task("first"), a_task("second", overlap=Overlap.REPLACE)
    chain(first, second)
    run = ended(first)
    assert [one.state for one in (*following(run), *following(run))] == [RunState.QUEUED] * 2


def test_the_end_of_a_real_attempt_promises_the_next_run(database: str, home: Path) -> None:
    first, second = a_task("first", job="log_cleanup"), a_task("second")
    with transaction() as session:
        session.get_one(TaskDefinition, first.id).settings = {}
    chain(first, second)
    run = a_run(first)
    perform(run.id, worker="worker-1")
    with reading() as session:
        assert session.get_one(Run, run.id).state is RunState.SUCCEEDED
        (then,) = session.scalars(select(Run).where(Run.cause_id == run.id))
    assert (then.task_definition_id, then.state) == (second.id, RunState.QUEUED)


def test_a_circle_made_by_hand_ends(database: str) -> None:
    first, second = a_task("first"), a_task("second")
    chain(first, second)
    with transaction() as session:
        back = {"task_definition_id": second.id, "next_task_id": first.id}
        session.add(TaskChain(**back, on=ChainOn.SUCCESS, parameters={}))
    run = ended(first)
    for _ in range(50):
        (run,) = following(run)
        assert run.state is RunState.QUEUED
        with transaction() as session:
            session.get_one(Run, run.id).state = RunState.SUCCEEDED
    (run,) = following(run)
    assert (run.state, run.reason) == (
        RunState.SKIPPED,
        "More than 50 runs would follow one another.",
    )


def by_hand(*ways: tuple[TaskDefinition, TaskDefinition]) -> None:
    """Write chains that nobody checked."""
    with transaction() as session:
        for first, then in ways:
            row = {"task_definition_id": first.id, "next_task_id": then.id}
            session.add(TaskChain(**row, on=ChainOn.SUCCESS, parameters={}))


def test_diamonds_made_by_hand_promise_no_more_than_the_bound_and_say_so(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MOST_RUNS", 30)
    ends = [a_task(f"end-{number}") for number in range(5)]
    for number, (here, then) in enumerate(pairwise(ends)):
        middle = [a_task(f"middle-{number}-{one}") for one in range(3)]
        by_hand(*((here, one) for one in middle), *((one, then) for one in middle))
    first = ended(ends[0])
    waiting, promised, refused = [first], 0, list[Run]()
    while waiting:
        run = waiting.pop(0)
        for one in following(run):
            if one.state is RunState.SKIPPED:
                refused.append(one)
                continue
            promised += 1
            with transaction() as session:
                session.get_one(Run, one.id).state = RunState.SUCCEEDED
            waiting.append(now(one))
    assert promised == 30
    assert {one.reason for one in refused} == {
        f"More than 30 runs would follow from the end of run {first.id}."
    }
    assert {one.reason_code for one in refused} == {"loop"}
    assert len(refused) <= 3 * 30


def test_what_follows_a_run_that_no_chain_began_costs_one_look_at_its_chains(
    database: str,
) -> None:
    first, second = a_task("first"), a_task("second")
    chain(first, second)
    run = ended(first)
    with transaction() as session, statements_of(db.engine()) as told:
        promise_next(session, session.get_one(Run, run.id), now=NOW)
    assert not [one for one in told if "RECURSIVE" in one]
