"""The five ready reports, as a worker would run them."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import cast

import pytest

from tasks.demo.catalogue import READY_TASKS, ReadyTask
from tasks.reports import binding, parameters
from tasks.rows import ColumnKind
from tasks.sources.duckdb import DuckDBSource
from tests.unit.demo.conftest import UNTIL
from tests.unit.demo.test_company import rows

BUCKETS = ((-100_000, 0), (1, 30), (31, 60), (61, 90), (91, 100_000))


def run(source: DuckDBSource, task: ReadyTask) -> list[dict[str, object]]:
    definitions = parameters.definitions_of(task.parameters)
    values = parameters.resolve(definitions, parameters.accept(definitions, {}), meant=UNTIL)
    sql, bound = binding.bind(task.sql, values)
    with source.query(sql, bound) as result:
        names = [column.name for column in result.columns]
        return [dict(zip(names, row, strict=True)) for b in result.batches() for row in b]


@pytest.mark.parametrize("task", READY_TASKS, ids=lambda task: task.slug)
def test_a_ready_task_finds_what_a_person_would_look_through(
    source: DuckDBSource, task: ReadyTask
) -> None:
    assert 20 < len(run(source, task)) < 600


@pytest.mark.parametrize("task", READY_TASKS, ids=lambda task: task.slug)
def test_a_ready_task_names_every_parameter_it_defines(task: ReadyTask) -> None:
    defined = [parameter["name"] for parameter in task.parameters]
    assert sorted(set(binding.names_in(task.sql))) == sorted(map(str, defined))


def test_money_has_two_decimals_and_codes_are_text(source: DuckDBSource) -> None:
    sql, bound = binding.bind(READY_TASKS[0].sql, {"as_of": UNTIL, "minimum": Decimal(0)})
    with source.query(sql, bound) as result:
        kinds = {column.name: (column.kind, column.scale) for column in result.columns}
    assert kinds["Customer"] == (ColumnKind.TEXT, None)
    assert kinds["Total"] == (ColumnKind.DECIMAL, 2)


def test_overdue_receivables_agree_with_a_count_by_hand(source: DuckDBSource) -> None:
    expected: dict[object, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * len(BUCKETS))
    invoices = rows(source, 'SELECT "CardCode", "DocDueDate", "DocTotal", "PaidToDate" FROM OINV')
    for card, due, total, paid in invoices:
        late = (UNTIL - cast(date, due)).days
        bucket = next(i for i, (low, high) in enumerate(BUCKETS) if low <= late <= high)
        expected[card][bucket] += cast(Decimal, total) - cast(Decimal, paid)
    overdue = {card: sums for card, sums in expected.items() if sum(sums[1:]) > 0}
    columns = ("Not due", "1–30 days", "31–60 days", "61–90 days", "Over 90 days")
    found = {
        row["Customer"]: [row[column] for column in columns] for row in run(source, READY_TASKS[0])
    }
    assert found == overdue
