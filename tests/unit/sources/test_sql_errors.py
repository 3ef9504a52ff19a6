"""What a person reads when the SQL is wrong: a sentence, and the place in their own text."""

import pytest

from tasks.errors import ErrorKind, JobError
from tasks.sources.duckdb import DuckDBSource

PLACED = [
    ('SELECT "CardCode",\n       "CardNme"\nFROM OCRD', 2, 8, 'Did you mean "CardName"?'),
    ('SELECT T0."cardcode" FROM OCRD T0', 1, 11, 'Did you mean "CardCode"?'),
    ("SELECT CardCode FROM OCRD", 1, 8, 'HANA reads CardCode as "CARDCODE"'),
    ('SELECT 1\nFROM "{schema}"."OCRDX"', 2, 17, 'Did you mean "OCRD"?'),
    ('SELECT * FROM "ocrd"', 1, 15, 'Did you mean "OCRD"?'),
    ('SELECT T9."CardCode" FROM OCRD T0', 1, 8, "No table of this query is called T9"),
    ('SELECT * FROM "OTHER"."OCRD"', 1, 15, "the schema SBODEMOTR only"),
    ('SELECT T1."CardCode" FROM (SELECT "CardName" FROM OCRD) T1', 1, 11, '"CardCode"'),
    ('SELECT "CardCode" FROM OCRD, ORDR', 1, 8, "in more than one table"),
    ('SELECT "City", SUM("Balance") FROM OCRD', 1, 8, "must stand in GROUP BY"),
    ("SELECT 1\nFROM OCRD WHERE \"Balance\" > 'abc'", 2, 29, "'abc' is not a number"),
    ("SELECT 1 FROM ORDR WHERE \"DocDate\" > '2024-13-01'", 1, 38, "is not a date"),
    ('SELECT "DocTotal" + "CardName" FROM ORDR', 1, 19, "do not fit together"),
    ("SELECT\n  PG_SLEEP(1) FROM DUMMY", 2, 3, "the function PG_SLEEP is not known"),
    ("SELECT TO_VARCHAR(CURRENT_DATE, 'x') FROM DUMMY", 1, 8, "needs a date format"),
    ("SELECT 1 FROM", 1, 10, "the query ends too early"),
    ("SELECT (1 FROM DUMMY", 1, 11, "FROM is not expected here"),
    ("SELECT 1,\nFROM DUMMY", 1, 9, "nothing follows this comma"),
    ("SELECT 'abc\nFROM DUMMY", 1, 8, "never closed"),
    ('SELECT "abc FROM DUMMY', 1, 8, "never closed"),
    ("SELECT 1 FROM ORDR\nWHERE 1 = [%0]", 2, 11, "Business One's own parameter"),
    ("SELECT 1 FROM ORDR\nWHERE 'x' = '[%0]'", 2, 14, "Business One's own parameter"),
    ("SELECT 1 FROM ORDR WHERE 1 = $[$38.1.0]", 1, 30, "reads a field of a form"),
    ("SELECT 1 FROM ORDR WHERE 'x' = '$[ORDR.CardCode]'", 1, 33, "reads a field of a form"),
    ("SELECT 1 FROM ORDR WHERE 1 = :day", 1, 30, "the parameter :day was given no value"),
    ("SELECT 1 FROM DUMMY; SELECT 2 FROM DUMMY", 1, 20, "only one query"),
    ("", 1, 1, "there is no query"),
]


def refusal(source: DuckDBSource, sql: str, *parameters: object) -> JobError:
    with pytest.raises(JobError) as caught, source.query(sql, parameters) as result:
        list(result.batches())
    return caught.value


@pytest.mark.parametrize(("sql", "line", "column", "words"), PLACED)
def test_an_error_names_its_place_in_the_authors_text(
    source: DuckDBSource, sql: str, line: int, column: int, words: str
) -> None:
    error = refusal(source, sql)
    assert error.message.startswith(f"Line {line}, column {column}: ")
    assert words in error.message
    assert (error.kind, error.transient) == (ErrorKind.SQL, False)


def test_an_error_that_shows_only_in_the_rows_is_placed_too(source: DuckDBSource) -> None:
    error = refusal(source, 'SELECT\n CAST("CardCode" AS INTEGER) FROM OCRD')
    assert error.message == "Line 2, column 7: the text '120.01.0000001' is not a number."


def test_a_division_by_zero_is_told(source: DuckDBSource) -> None:
    assert "division by zero" in refusal(source, "SELECT 1 / 0 FROM DUMMY").message


def test_a_deep_nest_is_refused_not_crashed_on(source: DuckDBSource) -> None:
    deep = "SELECT " + "(" * 3_000 + "1" + ")" * 3_000 + " FROM DUMMY"
    assert refusal(source, deep).kind is ErrorKind.SQL


@pytest.mark.parametrize(
    ("sql", "given"), [("SELECT ? FROM DUMMY", ()), ("SELECT 1 FROM DUMMY", (1,))]
)
def test_a_wrong_number_of_values_is_an_error_of_the_parameters(
    source: DuckDBSource, sql: str, given: tuple[object, ...]
) -> None:
    assert refusal(source, sql, *given).kind is ErrorKind.PARAMETER


def test_a_question_mark_in_a_text_is_no_parameter(source: DuckDBSource) -> None:
    sql = """SELECT 'a?', ? AS "b?" FROM DUMMY -- why?"""
    with source.query(sql, (5,)) as result:
        assert next(result.batches()) == [("a?", 5)]
