"""Saved queries through HANA's own client: the same list, and the same rows, as from the file."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from tasks.errors import JobError
from tasks.models import Source as SourceRow
from tasks.reports import binding
from tasks.reports.parameters import ParameterType
from tasks.reports.render import Language
from tasks.saved_queries.company import company_of
from tasks.saved_queries.converting import Converted, Outcome, convert
from tasks.saved_queries.reading import categories, look_into, queries
from tasks.sources import catalogue
from tasks.sources.base import Source
from tasks.sources.duckdb import DuckDBSource
from tests.hana.test_source import a_source, rows_of
from tests.support.factories import a_hana_source
from tests.support.hana import READER, Hana
from tests.unit.demo.conftest import built_in

VALUES = {
    "doc_date_from": date(2026, 1, 1),
    "doc_date_to": date(2026, 6, 30),
    "doc_date_year": 2026,
    "doc_due_date_to": date(2026, 9, 30),
    "ref_date": date(2026, 9, 1),
    "slp_name": "Ayşe Yılmaz",
    "card_name": "a",
    "city": None,
    "kalan_from": Decimal("100.5"),
    "debit_from": Decimal(10),
    "rows": 7,
    "value": 90,
    "whs_code": "01",
    "whs_code_2": "03",
}


@pytest.fixture
def row(sqlite_database: str, hana: Hana) -> Iterator[SourceRow]:
    catalogue.forget()
    yield a_hana_source(hana.port, password=READER[1])
    catalogue.forget()


@pytest.fixture
def embedded(tmp_path_factory: pytest.TempPathFactory) -> DuckDBSource:
    return DuckDBSource(built_in(tmp_path_factory.getbasetemp()))


def converted(row: SourceRow) -> list[Converted]:
    company = company_of(row)
    return [convert(one, company, Language.ENGLISH) for one in queries(look_into(row))]


def answer(source: Source, one: Converted) -> list[str]:
    """The rows of a query with the values above, in an order of their own."""
    values = {each.name: VALUES[each.name] for each in one.parameters}
    sql, bound = binding.bind(one.sql, values)
    with source.query(sql, bound) as result:
        return sorted(repr(tuple(row)) for batch in result.batches() for row in batch)


def test_the_list_is_that_of_the_file(row: SourceRow, embedded: DuckDBSource) -> None:
    source = look_into(row)
    assert categories(source) == categories(embedded)
    found = queries(source)
    assert found == queries(embedded)
    assert len(found) == 18
    assert (
        queries(source, among=[2, 3], after=7, most=2)
        == [one for one in found if one.category in ("Finans", "Stok") and one.number > 7][:2]
    )
    assert [one.number for one in queries(source, numbers=[5, 1, 99])] == [1, 5]


def test_types_come_from_hanas_own_catalogue(row: SourceRow) -> None:
    types = {each.name: each.type for one in converted(row) for each in one.parameters}
    wanted = {
        name: {
            date: ParameterType.DATE,
            int: ParameterType.INTEGER,
            Decimal: ParameterType.DECIMAL,
        }.get(type(value), ParameterType.TEXT)
        for name, value in VALUES.items()
    }
    assert types == wanted


def test_what_is_taken_brings_the_same_rows_as_from_the_file(
    row: SourceRow, hana: Hana, embedded: DuckDBSource
) -> None:
    taken = [one for one in converted(row) if one.outcome is not Outcome.CANNOT]
    assert len(taken) == 9
    for one in taken:
        found = answer(a_source(hana), one)
        assert found == answer(embedded, one), one.query.name
        assert found, one.query.name


def test_the_list_is_read_by_one_query_that_may_not_write(row: SourceRow, hana: Hana) -> None:
    queries(look_into(row))
    told = [str(one["sql"]) for one in hana.status().statements]
    read = next(at for at, sql in enumerate(told) if "OUQR" in sql)
    assert "SET TRANSACTION READ ONLY" in told[:read]
    assert sum("OUQR" in sql for sql in told) == 1


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ('SELECT "DocNum" FROM ORDR WHERE "DocDate" >= [%0]', "Business One's own parameter"),
        ('SELECT "DocNum" FROM ORDR WHERE "CardCode" = \'[%0]\'', "Business One's own parameter"),
        ('SELECT "DocNum" FROM ORDR WHERE "CardCode" = $[ORDR.CardCode]', "a field of a form"),
    ],
)
def test_a_mark_of_business_one_is_refused_before_hana_is_asked(
    hana: Hana, sql: str, words: str
) -> None:
    with pytest.raises(JobError, match=words):
        rows_of(a_source(hana), sql)
    assert hana.status().counts.get("connected", 0) == 0


def test_a_path_into_json_is_no_mark(hana: Hana) -> None:
    assert rows_of(a_source(hana), "SELECT '$[0].name' FROM DUMMY /* [%0] */") == [("$[0].name",)]
