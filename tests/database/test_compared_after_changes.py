"""A task that was changed between two runs goes on: what cannot be compared any more is said."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tasks.db import transaction
from tasks.models import Run, TaskDefinition
from tests.support.reported import FIRST, a_report, deliveries, made, the_table, was_sent

RENAMED = 'SELECT "CODE" AS "ID", "NAME", "BALANCE" AS "AMOUNT" FROM "T" ORDER BY 1'
AS_TEXT = 'SELECT "CODE", "NAME" AS "BALANCE" FROM "T" ORDER BY 1'
CHANGE = {"kind": "threshold", "measure": "change", "operator": ">", "limit": "10"}


@pytest.fixture(autouse=True)
def _a_table(database: str, home: Path) -> None:
    the_table(home, FIRST)


def changed(task: TaskDefinition, **settings: Any) -> None:
    """Save the task with other settings."""
    with transaction() as session:
        kept = session.get_one(TaskDefinition, task.id)
        kept.settings = kept.settings | settings


def reasons(runs: Sequence[Run]) -> list[str]:
    return [run.reason for run in runs]


def test_a_key_that_was_renamed_is_compared_from_the_next_run_on(home: Path) -> None:
    task = a_report(difference={"keys": ["CODE"], "in_mail": True})
    first = made(task)
    changed(task, sql=RENAMED, difference={"keys": ["ID"], "in_mail": True})
    second, third = made(task), made(task)
    assert second.reason == (
        f"It could not be compared with run {first.id}: its rows have no column “ID”."
    )
    assert "ifference" not in deliveries(second)[0].body
    assert f"Nothing is different from run {second.id}." in deliveries(third)[0].body


def test_the_change_of_a_column_that_was_renamed_begins_anew(home: Path) -> None:
    task = a_report(condition=CHANGE | {"column": "BALANCE"})
    made(task)
    changed(task, sql=RENAMED, condition=CHANGE | {"column": "AMOUNT"})
    assert was_sent(made(task))
    assert not was_sent(made(task))


def test_the_change_of_a_column_that_held_no_numbers_begins_anew(home: Path) -> None:
    task = a_report(sql=AS_TEXT)
    made(task)
    changed(
        task, sql=RENAMED.replace("AMOUNT", "BALANCE"), condition=CHANGE | {"column": "BALANCE"}
    )
    assert was_sent(made(task))
    assert not was_sent(made(task))


def test_new_keys_of_a_condition_make_all_rows_new_once(home: Path) -> None:
    task = a_report(condition={"kind": "new_rows", "keys": ["CODE"]})
    made(task)
    changed(task, sql=RENAMED, condition={"kind": "new_rows", "keys": ["ID"]})
    assert [made(task).rows, made(task).rows] == [2, 0]


def test_a_parameter_that_was_added_and_left_empty_changes_nothing(home: Path) -> None:
    task = a_report(condition={"kind": "changed"})
    made(task)
    assert not was_sent(made(task, parameters={"branch": None}))
    assert was_sent(made(task, parameters={"branch": "Ege"}))


@pytest.mark.parametrize(("before", "after"), [([], FIRST), (FIRST, []), ([], [])])
def test_a_run_without_rows_is_compared_like_any_other(
    home: Path, before: list[Any], after: list[Any]
) -> None:
    the_table(home, before)
    task = a_report(formats=["xlsx"], difference={"keys": ["CODE"]}, text="{{ difference }}")
    made(task)
    the_table(home, after)
    (delivery,) = deliveries(made(task))
    if before or after:
        assert f"New rows: {len(after)}, gone: {len(before)}, changed: 0." in delivery.body
    else:
        assert "Nothing is different" in delivery.body


def test_a_text_that_speaks_of_a_difference_does_not_hide_it(home: Path) -> None:
    difference = {"keys": ["CODE"], "in_mail": True}
    task = a_report(difference=difference, text="The difference of {title}")
    made(task)
    assert "Nothing is different from run" in deliveries(made(task))[0].body
