"""A number against a limit: a sum, how many, the largest, the least, or the change in percent."""

from pathlib import Path
from typing import Any

import pytest

from tasks.errors import ErrorKind
from tests.support.reported import FIRST, a_report, failed, made, the_table, was_sent


@pytest.fixture(autouse=True)
def _a_table(database: str, home: Path) -> None:
    the_table(home, FIRST)


def threshold(measure: str, operator: str, limit: str, column: str = "BALANCE") -> dict[str, Any]:
    return {
        "kind": "threshold",
        "measure": measure,
        "column": column,
        "operator": operator,
        "limit": limit,
    }


@pytest.mark.parametrize(
    ("condition", "sent", "reason"),
    [
        (threshold("sum", ">", "29.99"), True, ""),
        (threshold("sum", ">=", "30"), True, ""),
        (
            threshold("sum", ">", "30"),
            False,
            "Nothing to send: the sum of “BALANCE” is 30.00, not > 30.",
        ),
        (threshold("count", ">=", "2", ""), True, ""),
        (threshold("count", "<", "2", ""), False, "Nothing to send: there are 2 rows, not < 2."),
        (threshold("count", "<=", "2", "NAME"), True, ""),
        (threshold("largest", ">", "19.999999999999999999999999999999999"), True, ""),
        (
            threshold("least", "<", "10", "BALANCE"),
            False,
            "Nothing to send: the least “BALANCE” is 10.00, not < 10.",
        ),
    ],
)
def test_a_figure_decides_exactly(condition: dict[str, Any], sent: bool, reason: str) -> None:
    run = made(a_report(condition=condition))
    assert (was_sent(run), run.reason) == (sent, reason)


def test_the_change_is_against_the_last_delivered_run(home: Path) -> None:
    task = a_report(condition=threshold("change", ">=", "10"))
    first = made(task)
    the_table(home, [(1, "Ayşe", "12.99"), (2, "Bora", "20.00")])
    little = made(task)
    the_table(home, [(1, "Ayşe", "13.00"), (2, "Bora", "20.00")])
    enough = made(task)
    assert [was_sent(run) for run in (first, little, enough)] == [True, False, True]
    assert little.reason == (
        f"Nothing to send: the sum of “BALANCE” has changed by 9.97 percent since run {first.id}, "
        "not ≥ 10 percent."
    )


def test_a_fall_is_a_change_below_zero(home: Path) -> None:
    task = a_report(condition=threshold("change", "<=", "-50", ""))
    made(task)
    assert not was_sent(made(task))
    the_table(home, FIRST[:1])
    assert was_sent(made(task))


def test_a_rise_from_nothing_is_without_bounds(home: Path) -> None:
    the_table(home, [])
    task = a_report(condition=threshold("change", ">", "1000"))
    made(task)
    assert not was_sent(made(task))
    the_table(home, FIRST)
    assert was_sent(made(task))


def test_no_values_are_neither_more_nor_less(home: Path) -> None:
    the_table(home, [])
    run = made(a_report(condition=threshold("largest", "<", "5")))
    assert run.reason == "Nothing to send: “BALANCE” has no values."


@pytest.mark.parametrize(
    ("column", "words"),
    [("NOWHERE", "no column “NOWHERE”"), ("NAME", "“NAME” cannot be compared with a number")],
)
def test_a_column_that_cannot_be_compared_is_said(column: str, words: str) -> None:
    run = failed(a_report(condition=threshold("sum", ">", "1", column)))
    assert run.error_kind is ErrorKind.SQL
    assert words in (run.error or "")
