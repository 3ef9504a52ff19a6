"""The demo company's reports bring the same rows through HANA's client as from the file."""

from typing import Any

import pytest

from tasks.demo.catalogue import READY_TASKS, ReadyTask
from tasks.reports import binding, parameters
from tasks.sources.duckdb import DuckDBSource
from tests.support.hana import SCHEMA
from tests.unit.demo.conftest import UNTIL, built_in


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> DuckDBSource:
    return DuckDBSource(built_in(tmp_path_factory.getbasetemp()))


@pytest.mark.parametrize("task", READY_TASKS, ids=lambda task: task.slug)
def test_a_report_brings_the_same_columns_and_rows(
    reader: Any, embedded: DuckDBSource, task: ReadyTask
) -> None:
    definitions = parameters.definitions_of(task.parameters)
    values = parameters.resolve(definitions, parameters.accept(definitions, {}), meant=UNTIL)
    sql, bound = binding.bind(task.sql, values)
    with embedded.query(sql, bound) as result:
        names = [column.name for column in result.columns]
        wanted = [tuple(row) for batch in result.batches() for row in batch]

    reader.execute(sql.replace("{schema}", SCHEMA), bound)

    assert [column[0] for column in reader.description] == names
    assert [tuple(row) for row in reader.fetchall()] == wanted
