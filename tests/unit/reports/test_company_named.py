"""Where companies can be chosen, a query that reads a fixed one is refused at its place."""

import pytest

from tasks.models import SourceKind
from tasks.reports.company_named import check_companies_named
from tasks.sources.sql_text import SqlError
from tests.unit.reports.test_companies import a_parameter, a_source

SOURCE = a_source("TR", "DE")
BESIDE = 'SELECT 1 FROM {schema}."OINV" A JOIN "TR"."OCRD" B ON A."CardCode" = B."CardCode"'


@pytest.mark.parametrize(
    ("sql", "column"),
    [
        ('SELECT 1 FROM "TR"."OINV"', 15),
        ('SELECT 1 FROM tr."OINV"', 15),
        ('SELECT 1 FROM "A" JOIN "SBODEMOTR"."OINV" B ON 1 = 1', 24),
    ],
)
def test_a_company_that_the_query_names_itself_is_refused(sql: str, column: int) -> None:
    with pytest.raises(SqlError, match=r"whichever is chosen. Write \{schema\} instead") as refused:
        check_companies_named(sql, [a_parameter("companies")], SOURCE)
    assert (refused.value.line, refused.value.column) == (1, column)


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT A."TR" FROM {schema}."OINV" A',
        'SELECT 1 FROM "OINV"',
        'SELECT 1 FROM "SBOCOMMON"."CUVV"',
        'SELECT \'TR.x\' FROM "OINV" -- "TR"."OINV"',
        BESIDE,
    ],
)
def test_anything_else_is_left_to_the_author(sql: str) -> None:
    check_companies_named(sql, [a_parameter("companies")], SOURCE)


@pytest.mark.parametrize(
    ("kind", "settings", "company", "others"),
    [
        (SourceKind.HANA, {}, "TR", "tr"),
        (SourceKind.DUCKDB, {}, "TR", "tr"),
        (SourceKind.SQL, {"url": "postgresql+psycopg://reader@db/logo"}, "tr", "TR"),
    ],
)
def test_a_name_without_quotes_is_read_as_the_source_folds_it(
    kind: SourceKind, settings: dict[str, str], company: str, others: str
) -> None:
    source = a_source(company)
    source.kind, source.settings = kind, settings
    for written in ("tr", "TR", "Tr"):
        with pytest.raises(SqlError, match=f"this reads the company {company}, whichever"):
            check_companies_named(f"SELECT 1 FROM {written}.t", [a_parameter("companies")], source)
    quoted = f'SELECT 1 FROM "{others}".t'
    check_companies_named(quoted, [a_parameter("companies")], source)
    source.companies = [others]
    check_companies_named("SELECT 1 FROM Tr.t", [a_parameter("companies")], source)


@pytest.mark.parametrize("written", ["TIGER", "tiger", '"Tiger"', "[TIGER]", "[tiger]"])
def test_sql_server_knows_brackets_and_takes_a_name_in_any_case(written: str) -> None:
    source = a_source("Tiger")
    source.kind = SourceKind.SQL
    source.settings = {"url": "mssql+pytds://reader@db/TIGER"}
    with pytest.raises(SqlError, match="this reads the company Tiger, whichever") as refused:
        check_companies_named(f"SELECT 1 FROM {written}.t", [a_parameter("companies")], source)
    assert refused.value.column == 15
    check_companies_named("SELECT 1 FROM [Lion].t", [a_parameter("companies")], source)


def test_without_a_choice_of_companies_a_query_may_name_any() -> None:
    check_companies_named('SELECT 1 FROM "TR"."OINV"', [a_parameter("text")], SOURCE)
