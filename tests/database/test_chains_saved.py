"""Chains that are saved, and those that are refused."""

import threading
from typing import Any

import pytest
from sqlalchemy import select, text

from tasks.chains import ChainContent, chains_of, set_chains
from tasks.db import reading, transaction
from tasks.definitions import change_task, content_of, create_task
from tasks.errors import Invalid
from tasks.models import (
    TaskDefinition,
    TaskVersion,
)
from tests.support.chaining import chain, to
from tests.support.factories import a_task
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
