"""`{schema}`: one quoted name in the query, nothing in texts and comments, and places that stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.errors import JobError
from tasks.sources.duckdb import DuckDBSource
from tasks.sources.schema_name import STAND_IN, place_schema, with_stand_in
from tasks.sources.sql_text import SqlError, tokens

NAMES = st.lists(
    st.sampled_from(['"', "'", ";", "--", "/*", "*/", "{schema}", ".", "?", "ı", "\\", " ", "A"]),
    min_size=1,
    max_size=12,
).map("".join)
ASIDE = [
    "'{schema}'",
    "'it''s {schema}'",
    "-- {schema}\n",
    "/* {schema} */",
    '"a {schema}"',
    '"{schema}""x"',
]


@given(NAMES)
def test_whatever_the_name_it_is_one_quoted_name(name: str) -> None:
    placed = place_schema('SELECT 1 FROM {schema}."OINV" WHERE 1 = 1', name).sql
    found = [token for token in tokens(placed) if token.sort == "name"]
    assert [token.text for token in found] == ['"' + name.replace('"', '""') + '"', '"OINV"']
    assert [token.text for token in tokens(placed)][-4:] == ["WHERE", "1", "=", "1"]


@pytest.mark.parametrize("aside", ASIDE)
def test_in_texts_and_comments_it_stays_as_it_is(aside: str) -> None:
    sql = f"SELECT {aside} FROM DUMMY"
    assert place_schema(sql, "TR").sql == sql
    assert with_stand_in(sql) == sql


def test_a_name_of_equal_length_stands_for_it_where_braces_cannot_be_read() -> None:
    sql = 'SELECT * FROM {schema}."A", "{schema}"."B"'
    assert with_stand_in(sql) == f'SELECT * FROM {STAND_IN}."A", "{{schema}}"."B"'
    assert len(with_stand_in(sql)) == len(sql)


@pytest.mark.parametrize("place", ["{schema}.", '"{schema}".', '"SBODEMOTR".', "SBODEMOTR.", ""])
def test_the_embedded_source_reads_it_as_its_own_schema(source: DuckDBSource, place: str) -> None:
    with source.query(f'SELECT COUNT(*) FROM {place}"OINV" WHERE 1 = ?', (1,)) as result:
        [[(count,)]] = list(result.batches())
    assert isinstance(count, int)
    assert count > 0


@pytest.mark.parametrize("place", ["{schema}", '"{schema}"', '"SBODEMOTR"', "SBODEMOTR"])
def test_it_may_stand_before_a_column_too(source: DuckDBSource, place: str) -> None:
    sql = f'SELECT {place}."OINV"."DocNum" FROM {place}."OINV" LIMIT 2'
    with source.query(sql, ()) as result:
        assert [len(batch) for batch in result.batches()] == [2]


def test_an_error_behind_it_tells_its_place_as_written(source: DuckDBSource) -> None:
    sql = 'SELECT "DocNum" FROM {schema}."OINV" WHERE "Wrong" = 1'
    with pytest.raises(SqlError) as refused, source.query(sql, ()):
        pass
    assert (refused.value.line, refused.value.column) == (1, sql.index('"Wrong"') + 1)


def test_the_embedded_source_reads_no_other_schema(source: DuckDBSource) -> None:
    only = pytest.raises(JobError, match="has the schema SBODEMOTR only, not SBODEMODE")
    with only, source.query('SELECT 1 FROM "SBODEMODE"."OINV"', ()):
        pass
