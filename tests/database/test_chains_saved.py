"""Chains that are saved, and those that are refused."""

import threading
from typing import Any

import pytest
from sqlalchemy import select, text

from tasks.chains import ChainContent, chains_of, set_chains
from tasks.db import reading, transaction
from tasks.definitions import change_task, content_of, create_task
from tasks.errors import Invalid
from tasks.models import ChainOn, TaskChain, TaskDefinition, TaskVersion
from tests.support.chaining import chain, to
from tests.support.factories import a_source, a_task
from tests.support.waiting import wait_until

DAY = {"name": "day", "type": "date"}
COUNT = {"name": "count", "type": "integer"}


def test_chains_are_kept_in_their_order_and_taken_away(database: str) -> None:
    first, second, third = a_task("first"), a_task("second", parameters=[COUNT]), a_task("third")
    given = [to(third), to(second, on="failure", parameters={"count": {"value": 3}})]
    chain(first, *given)
    with reading() as session:
        assert chains_of(session, first) == given
    chain(first)
    with reading() as session:
        assert chains_of(session, first) == []


@pytest.mark.parametrize("on", ["success", "failure"])
def test_a_circle_is_refused_with_its_way(database: str, on: str) -> None:
    first, second, third = a_task("first"), a_task("second"), a_task("third")
    chain(first, second)
    chain(second, third)
    with pytest.raises(Invalid) as refused:
        chain(third, to(first, on=on))
    assert refused.value.field == "chains.0.task"
    assert "Third → First → Second → Third" in refused.value.message


def test_a_task_cannot_follow_itself(database: str) -> None:
    first = a_task("first")
    with pytest.raises(Invalid, match="First → First"):
        chain(first, first)


def test_a_task_is_followed_by_no_more_than_twenty_and_says_so(database: str) -> None:
    first, *others = [a_task(f"task-{number}") for number in range(22)]
    chain(first, *others[:20])
    with pytest.raises(Invalid, match="At most 20 tasks can follow a task. Let one") as refused:
        chain(first, *others)
    assert refused.value.field == "chains.20.task"


def a_diamond(number: int, end: TaskDefinition) -> TaskDefinition:
    """A task that four follow at once, each of them followed by `end`."""
    first, *middle = [a_task(f"diamond-{number}-{one}") for one in range(5)]
    for one in middle:
        chain(one, end)
    chain(first, *middle)
    return first


def test_diamonds_that_would_promise_too_many_runs_are_refused_by_the_task_they_begin_with(
    database: str,
) -> None:
    end = a_task("end")
    for number in range(3):  # 8, 40 and 168 runs, the next would make 680 of it
        end = a_diamond(number, end)
    start, before = a_task("start"), a_task("before", title="The very first")
    chain(before, start)
    others = [a_task(f"wide-{one}") for one in range(3)]
    for one in others:
        chain(one, end)
    chain(start, *others[:2])
    with pytest.raises(Invalid) as refused:
        chain(start, *others)
    assert refused.value.message == (
        "More than 500 runs could follow from one run of “Start”, by chains of chains too. "
        "Take some of these chains away."
    )
    assert refused.value.field == "chains.2.task"
    chain(start, *others[:2], to(others[2], on="failure"))  # a run does not end both ways


def test_a_chain_that_makes_an_earlier_task_too_wide_is_refused_and_one_elsewhere_is_not(
    database: str,
) -> None:
    first, last, leaf = a_task("first"), a_task("last"), a_task("leaf")
    middle, others = (
        [a_task(f"{name}-{one}") for one in range(20)] for name in ("middle", "other")
    )
    chain(first, *middle)
    for one in middle:
        chain(one, last)
    chain(last, *others)  # 440 runs follow the first; each leaf makes it 20 more
    for one in others[:3]:
        chain(one, leaf)
    with pytest.raises(Invalid, match="from one run of “First”"):
        chain(others[3], leaf)
    with transaction() as session:  # as somebody might who edits the table
        by_hand = {"task_definition_id": others[3].id, "next_task_id": leaf.id}
        session.add(TaskChain(**by_hand, on=ChainOn.SUCCESS, parameters={}))
    chain(a_task("elsewhere"), leaf)


def test_two_ways_to_the_same_task_are_no_circle(database: str) -> None:
    first, second, third = a_task("first"), a_task("second"), a_task("third")
    chain(second, third)
    chain(first, second, third)
    with reading() as session:
        assert len(chains_of(session, first)) == 2


@pytest.mark.parametrize(
    ("parameters", "field", "sentence"),
    [
        ({}, "count", "count is missing"),
        ({"count": {"value": None}}, "count", "count is missing"),
        ({"other": {"value": 1}}, "other", "has no parameter “other”"),
        ({"count": {"from": "day"}, "day": {"value": 1}}, "day", "has no parameter “day”"),
        ({"count": {"from": "nothing"}}, "count", "This task has no parameter “nothing”"),
        ({"count": {"value": "many"}}, "count", "“many” is not a whole number"),
        ({"count": {"run": "state"}}, "count", "cannot take this fact"),
    ],
)
def test_parameters_that_do_not_fit_are_refused(
    database: str, parameters: dict[str, Any], field: str, sentence: str
) -> None:
    first, second = a_task("first", parameters=[DAY]), a_task("second", parameters=[COUNT])
    with pytest.raises(Invalid, match=sentence) as refused:
        chain(first, to(second, parameters=parameters))
    assert refused.value.field == f"chains.0.parameters.{field}"


def test_an_unknown_task_and_one_that_comes_twice_are_refused(database: str) -> None:
    first, second = a_task("first"), a_task("second")
    with pytest.raises(Invalid, match="There is no task “nobody”"):
        chain(first, ChainContent(task="nobody"))
    with pytest.raises(Invalid, match="follows the same end twice"):
        chain(first, second, second)


@pytest.mark.parametrize("value", [{}, {"from": "day", "value": 1}])
def test_a_value_says_in_one_way_where_it_comes_from(value: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="in one way only"):
        ChainContent.model_validate({"task": "second", "parameters": {"count": value}})


def test_two_people_cannot_close_a_circle_at_once(postgres_database: str) -> None:
    first, second = a_task("first"), a_task("second")
    problems: list[Invalid] = []

    def save_the_way_back() -> None:
        try:
            chain(second, first)
        except Invalid as problem:
            problems.append(problem)

    def waits_for_the_first() -> bool:
        with reading() as session:
            return bool(session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))

    other = threading.Thread(target=save_the_way_back)
    with transaction() as session:
        set_chains(session, session.get_one(TaskDefinition, first.id), [to(second)])
        other.start()
        wait_until(waits_for_the_first, "the second waits for the first")
    wait_until(lambda: not other.is_alive(), "the second ends")
    assert ["This would never end" in one.message for one in problems] == [True]


def test_a_change_of_chains_is_a_version_of_the_task(database: str) -> None:
    second = a_task("second")
    settings = {"source": "demo", "sql": "SELECT 1 FROM DUMMY"}
    given = {"slug": "first", "title": "First", "settings": settings}
    with transaction() as session:
        task = create_task(session, content_of(**given), changed_by="ayse")
        chains = [{"on": "failure", "task": second.slug}]
        content = content_of(**given, chains=chains)
        change_task(session, task, content, version=1, changed_by="ayse")
        change_task(session, task, content, version=2, changed_by="ayse")
    with reading() as session:
        kept = session.scalars(select(TaskVersion.content).order_by(TaskVersion.version)).all()
    assert [one["chains"] for one in kept] == [
        [],
        [{"on": "failure", "task": "second", "parameters": {}}],
    ]


def test_a_company_that_the_source_does_not_allow_cannot_be_handed_on(database: str) -> None:
    a_source()
    firm = {"name": "firm", "type": "company"}
    first, second = a_task("first"), a_task("second", parameters=[firm])
    with pytest.raises(Invalid, match="“DE” is not a company") as refused:
        chain(first, to(second, parameters={"firm": {"value": "DE"}}))
    assert refused.value.field == "chains.0.parameters.firm"
    chain(first, to(second, parameters={"firm": {"value": "SBODEMOTR"}}))
