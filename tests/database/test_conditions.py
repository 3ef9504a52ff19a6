"""When the files of a report are sent: real runs, each compared with the last that arrived."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.reported import (
    FIRST,
    TableRow,
    a_report,
    deliveries,
    files,
    made,
    the_table,
    was_sent,
)

MORE: list[TableRow] = [*FIRST, (3, "Can", "30.00")]


@pytest.fixture(autouse=True)
def _a_table(database: str, home: Path) -> None:
    the_table(home, FIRST)


def test_a_report_without_a_condition_is_always_sent(home: Path) -> None:
    task = a_report()
    assert was_sent(made(task))
    the_table(home, [])
    assert was_sent(made(task))


@pytest.mark.parametrize(
    ("kind", "rows", "sent", "reason"),
    [
        ("rows", FIRST, True, ""),
        ("rows", [], False, "Nothing to send: the query gave no rows."),
        ("no_rows", [], True, ""),
        (
            "no_rows",
            FIRST,
            False,
            "Nothing to send: the query gave 2 rows, and it is sent only without any.",
        ),
    ],
)
def test_rows_or_none_decide(
    home: Path, kind: str, rows: list[TableRow], sent: bool, reason: str
) -> None:
    the_table(home, rows)
    run = made(a_report(condition={"kind": kind}))
    assert (was_sent(run), run.reason) == (sent, reason)


def test_what_is_not_sent_keeps_its_file_and_a_delivery_that_says_why(home: Path) -> None:
    the_table(home, [])
    run = made(a_report(condition={"kind": "rows"}))
    (delivery,) = deliveries(run)
    assert (delivery.recipient, delivery.tries) == ("ayse@example.com", 0)
    assert len(files(run)) == 1


def test_a_report_is_sent_when_it_has_changed(home: Path) -> None:
    task = a_report(condition={"kind": "changed"})
    first = made(task)
    again = made(task)
    the_table(home, MORE)
    changed = made(task)
    assert [was_sent(run) for run in (first, again, changed)] == [True, False, True]
    assert again.reason == f"Nothing to send: nothing has changed since run {first.id}."


@pytest.mark.parametrize(
    "now",
    [
        [(1, "Ayşe", "10.00")],
        [(1, "Ayşe", "10.00"), (2, "Bora", "20.01")],
        [(1, "Ayşe", "10.00"), (2, "", "20.00")],
        [(1, "Ayşe", "10.00"), (2, None, "20.00")],
        [(1, "Ayşe", "10.00"), (2, "bora", "20.00")],
        [*FIRST, FIRST[1]],
    ],
)
def test_each_of_these_is_a_change(home: Path, now: list[TableRow]) -> None:
    task = a_report(condition={"kind": "changed"})
    made(task)
    the_table(home, now)
    assert was_sent(made(task))


def test_empty_text_and_nothing_at_all_are_not_the_same(home: Path) -> None:
    task = a_report(condition={"kind": "changed"})
    the_table(home, [(1, "", "1.00")])
    made(task)
    the_table(home, [(1, None, "1.00")])
    assert was_sent(made(task))


def test_another_scale_of_a_number_is_no_change(home: Path) -> None:
    task = a_report(condition={"kind": "changed"})
    made(task)
    wider = 'CREATE TABLE SBODEMOTR."T" ("CODE" INTEGER, "NAME" VARCHAR, "BALANCE" DECIMAL(19, 6))'
    the_table(home, FIRST, wider)
    assert not was_sent(made(task))


def test_a_column_more_is_a_change(home: Path) -> None:
    task = a_report(condition={"kind": "changed"}, sql='SELECT * FROM "T" ORDER BY "CODE"')
    made(task)
    more = 'CREATE TABLE SBODEMOTR."T" ("CODE" INTEGER, "NAME" VARCHAR, "BALANCE" INTEGER, X INT)'
    the_table(home, [(*one, None) for one in FIRST], more)  # type: ignore[misc]
    assert was_sent(made(task))


def test_rows_of_a_further_query_can_be_what_has_changed(home: Path) -> None:
    sheets = [{"title": "Sums", "sql": 'SELECT SUM("BALANCE") AS "B" FROM "T"'}]
    names = 'SELECT "NAME" FROM "T" ORDER BY 1'
    task = a_report(condition={"kind": "changed"}, sql=names, sheets=sheets, formats=["xlsx"])
    made(task)
    assert not was_sent(made(task))
    the_table(home, [FIRST[0], (2, "Bora", "20.01")])
    assert was_sent(made(task))
    assert not was_sent(made(task))


def test_a_run_whose_mail_was_refused_swallows_no_news(home: Path) -> None:
    task = a_report(condition={"kind": "changed"})
    made(task)
    the_table(home, MORE)
    assert was_sent(made(task, arrived=False))
    assert was_sent(made(task, arrived=False))
    assert was_sent(made(task))
    assert not was_sent(made(task))


def test_what_changed_back_before_it_arrived_is_no_news(home: Path) -> None:
    task = a_report(condition={"kind": "changed"})
    made(task)
    the_table(home, MORE)
    made(task, arrived=False)
    the_table(home, FIRST)
    assert not was_sent(made(task))


def test_a_trial_is_sent_anyway_and_nothing_is_compared_with_it(home: Path) -> None:
    task = a_report(condition={"kind": "changed"})
    made(task)
    the_table(home, MORE)
    made(task, only_to="ayse@example.com")
    assert was_sent(made(task))
    trial = made(task, only_to="ayse@example.com")
    assert [one.reason for one in deliveries(trial)] == [""]


def test_runs_with_other_parameters_are_not_compared(home: Path) -> None:
    name: dict[str, Any] = {"name": "code", "type": "integer", "required": True}
    sql = 'SELECT "NAME" FROM "T" WHERE "CODE" = :code'
    task = a_report(condition={"kind": "changed"}, sql=sql)
    from tasks.db import transaction
    from tasks.models import TaskDefinition

    with transaction() as session:
        session.get_one(TaskDefinition, task.id).parameters = [name]
    one = made(task, parameters={"code": 1})
    other = made(task, parameters={"code": 2})
    again = made(task, parameters={"code": 1})
    assert [was_sent(run) for run in (one, other, again)] == [True, True, False]


def test_without_recipients_the_last_success_counts(home: Path) -> None:
    task = a_report(condition={"kind": "changed"}, recipients=[])
    first, again = made(task), made(task)
    assert first.reason == "It has no recipients, so nothing was sent."
    assert again.reason == f"Nothing to send: nothing has changed since run {first.id}."
