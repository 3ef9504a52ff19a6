"""HANA's functions through its own client: the same values as from the embedded source."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from tasks.sources.base import Source
from tasks.sources.duckdb import DuckDBSource
from tests.hana.test_source import a_source, rows_of
from tests.support.hana import SCHEMA, Hana
from tests.unit.demo.conftest import built_in
from tests.unit.sources.test_hana_functions import FROM_DUMMY, ON_TABLES


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> DuckDBSource:
    path: Path = built_in(tmp_path_factory.getbasetemp())
    return DuckDBSource(path)


def answered(source: Source, sql: str) -> Sequence[str]:
    """The columns and the rows, letter by letter."""
    with source.query(sql, ()) as result:
        names = [(column.name, column.kind) for column in result.columns]
        return [str(names), *(repr(tuple(row)) for batch in result.batches() for row in batch)]


@pytest.mark.parametrize("expression", [expression for expression, _ in FROM_DUMMY])
def test_a_function_gives_the_same_through_hana(
    hana: Hana, embedded: DuckDBSource, expression: str
) -> None:
    sql = f'SELECT {expression} AS "Value" FROM DUMMY'
    assert answered(a_source(hana), sql) == answered(embedded, sql)


@pytest.mark.parametrize("sql", ON_TABLES)
def test_a_query_gives_the_same_through_hana(hana: Hana, embedded: DuckDBSource, sql: str) -> None:
    written = sql.replace("{schema}", SCHEMA)
    wanted = answered(embedded, written)
    found = answered(a_source(hana), written)
    assert found[0] == wanted[0]
    if "ORDER BY" in sql.rpartition(")")[2]:
        assert found == wanted


@pytest.mark.parametrize(
    "expression",
    [
        '? * T0."Price"',
        'T0."Price" * ?',
        'T0."Price" * (1 + ? / 100)',
        '(T0."Price" + ?) / 2',
        '-? + T0."Price"',
        'ROUND(T0."Price" * ?, 2)',
        'CASE WHEN T0."Price" > ? THEN 1 ELSE 0 END',
        'IFNULL(T0."Price", ?)',
    ],
)
@pytest.mark.parametrize("value", [2, 7])
def test_a_number_beside_a_price_is_bound_as_a_number(
    hana: Hana, embedded: DuckDBSource, expression: str, value: int
) -> None:
    sql = f'SELECT {expression} FROM ITM1 T0 ORDER BY "ItemCode", "PriceList" LIMIT 40'
    found, wanted = (rows_of(source, sql, value) for source in (a_source(hana), embedded))
    assert found == wanted
    assert all(isinstance(row[0], Decimal | int) for row in found)
