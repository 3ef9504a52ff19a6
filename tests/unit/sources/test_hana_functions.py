"""HANA's functions mean on the demo company what they mean on HANA."""

import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal

import pytest

from tasks.sources.duckdb import DuckDBSource
from tasks.sources.hana_grammar import SERIES_COLUMNS
from tasks.sources.hana_to_duckdb import to_duckdb
from tasks.sources.sql_text import SqlError

PEAK = """
import duckdb, pathlib, sys
connection = duckdb.connect(config={"memory_limit": "512MB", "threads": 2})
connection.execute("SET enable_progress_bar = false")
connection.execute("CREATE MACRO hana_moment(x) AS CAST(x AS TIMESTAMP)")
print(connection.execute(sys.argv[1]).fetchall())
lines = pathlib.Path("/proc/self/status").read_text().splitlines()
print(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
"""
"""Answers one query of DuckDB, and tells the most memory that it took, in KB."""

FROM_DUMMY = [
    ("TO_VARCHAR(TO_DATE('2024-03-05'), 'DD.MM.YYYY')", "05.03.2024"),
    ("TO_CHAR('20240305', 'YYYY-MM')", "2024-03"),
    ("TO_VARCHAR(12.50)", "12.50"),
    ("TO_DATE('20240305')", date(2024, 3, 5)),
    ("TO_DATE('05.03.2024', 'DD.MM.YYYY')", date(2024, 3, 5)),
    ("TO_TIMESTAMP('2024-03-05 14:30', 'YYYY-MM-DD HH24:MI')", datetime(2024, 3, 5, 14, 30)),
    ("TO_DECIMAL('12.345', 10, 2)", Decimal("12.34")),
    ("TO_DECIMAL(-12.349, 10, 2)", Decimal("-12.34")),
    ("TO_DECIMAL(ROUND(12.345, 2), 10, 2)", Decimal("12.35")),
    ("TO_DECIMAL(2.123456789012, 21, 12)", Decimal("2.123456789012")),
    ("TO_DECIMAL(7.9, 10)", Decimal(7)),
    ("CAST(12.349 AS DECIMAL(10, 2))", Decimal("12.34")),
    ("CAST(12.9 AS DECIMAL(10))", Decimal(12)),
    ("TO_INTEGER('12')", 12),
    ("CAST(12.7 AS INTEGER)", 12),
    ("IFNULL(NULL, 1)", 1),
    ("NULLIF(1, 1)", None),
    ("COALESCE(NULL, NULL, 3)", 3),
    ("CASE WHEN 1 = 1 THEN 'yes' ELSE 'no' END", "yes"),
    ("1 || 'a' || 2.5", "1a2.5"),
    ("LEFT(12345, 2)", "12"),
    ("RIGHT('Şişli', 2)", "li"),
    ("SUBSTRING(12345, 2, 2)", "23"),
    ("REPLACE(1213, 1, 'x')", "x2x3"),
    ("LOCATE('masa ve sandalye', 'sa')", 3),
    ("LOCATE('masa ve sandalye', 'sa', 4)", 9),
    ("LOCATE('masa', 'x')", 0),
    ("LPAD(7, 3, '0')", "007"),
    ("UPPER('meşe')", "MEŞE"),
    ("TRIM('  a ')", "a"),
    ("TRIM(LEADING '0' FROM '007')", "7"),
    ("ADD_DAYS('2024-02-28', 2)", date(2024, 3, 1)),
    ("ADD_DAYS(TO_DATE('20240301'), -1)", date(2024, 2, 29)),
    ("ADD_MONTHS('2024-01-31', 1)", date(2024, 2, 29)),
    ("ADD_YEARS('2024-02-29', 1)", date(2025, 2, 28)),
    ("DAYS_BETWEEN('2024-01-01', '20240301')", 60),
    ("MONTHS_BETWEEN('2024-01-15', '2024-03-14')", 1),
    ("YEARS_BETWEEN('2020-05-05', '2024-05-04')", 3),
    ("LAST_DAY('2024-02-10')", date(2024, 2, 29)),
    ("NEXT_DAY('2024-02-29')", date(2024, 3, 1)),
    ("YEAR('2024-03-05')", 2024),
    ("MONTH('2024-03-05')", 3),
    ("DAYOFMONTH('2024-03-05')", 5),
    ("WEEK('2011-05-30')", 23),
    ("QUARTER('2024-03-05')", "2024-Q1"),
    ("QUARTER('2012-01-01', 2)", "2011-Q4"),
    ("WEEKDAY('2024-01-01')", 0),
    ("EXTRACT(YEAR FROM TO_DATE('2024-03-05'))", 2024),
    ("ROUND(2.555, 2)", Decimal("2.56")),
    ("FLOOR(2.7)", 2),
    ("MAP(2, 1, 'one', 2, 'two', 'more')", "two"),
    ("MAP(9, 1, 'one', 2, 'two', 'more')", "more"),
    ("GREATEST(1, 3, 2)", 3),
    ("7 / 2", Decimal("3.5")),
    ("DAYS_BETWEEN(CURRENT_DATE, ADD_DAYS(CURRENT_DATE, 5))", 5),
    ("SUBSTRING_REGEXPR('[0-9]+' IN 'a1b22c333')", "1"),
    ("SUBSTR_REGEXPR('[0-9]+' IN 'a1b22c333' FROM 3 OCCURRENCE 2)", "333"),
    ("SUBSTR_REGEXPR('([a-z])([0-9]+)' FLAG 'i' IN 'A1b22' OCCURRENCE 2 GROUP 2)", "22"),
    ("SUBSTR_REGEXPR('x' IN 'abc')", None),
    ("OCCURRENCES_REGEXPR(',' IN 'a,b,c')", 2),
    ("OCCURRENCES_REGEXPR('A' FLAG 'i' IN 'aAa' FROM 2)", 2),
    ("OCCURRENCES_REGEXPR('1' IN 1213)", 2),
    ("OCCURRENCES_REGEXPR('x' IN NULL)", None),
    (r"REPLACE_REGEXPR('\s+' IN 'a  b   c' WITH ' ')", "a b c"),
    (r"REPLACE_REGEXPR('(\d+)-(\d+)' IN '12-34' WITH '\2-\1' OCCURRENCE ALL)", "34-12"),
    ("REPLACE_REGEXPR('b' IN 'abab' WITH 'x' OCCURRENCE 1)", "axab"),
    ("REPLACE_REGEXPR('a' IN 'aaa' FROM 2)", "a"),
    ("LOCATE_REGEXPR('[0-9]' IN 'abc12')", 4),
    ("LOCATE_REGEXPR(AFTER '[0-9]+' IN 'abc12')", 6),
    ("LOCATE_REGEXPR(START 'x' IN 'abc12')", 0),
    ("CASE WHEN 'ABC' LIKE_REGEXPR 'b' FLAG 'i' THEN 1 ELSE 0 END", 1),
    ("CASE WHEN 'ABC' NOT LIKE_REGEXPR 'b' THEN 1 ELSE 0 END", 1),
    ("CAST(5 AS NCLOB)", "5"),
    ("CASE WHEN NOW() > ADD_DAYS(CURRENT_TIMESTAMP, -1) THEN 1 END", 1),
]

ON_TABLES = [
    """SELECT TOP 3 "DocNum" FROM "{schema}"."ORDR" ORDER BY "DocNum" DESC""",
    """SELECT "DocNum" FROM "SBODEMOTR"."ORDR" ORDER BY "DocNum" LIMIT 3 OFFSET 5;""",
    """WITH last AS (SELECT "CardCode", ROW_NUMBER() OVER (PARTITION BY "CardCode"
       ORDER BY "DocDate" DESC) AS "Sıra" FROM ORDR) SELECT "CardCode" FROM last
       WHERE "Sıra" = 1 ORDER BY 1 LIMIT 3""",
    """SELECT "CardCode" AS "Müşteri kodu", STRING_AGG("DocNum", ', ' ORDER BY "DocNum") AS "No"
       FROM ORDR GROUP BY "CardCode" ORDER BY 1 LIMIT 3 /* the first */ -- three
       WITH HINT (IGNORE_PLAN_CACHE, NO_USE_HEX_PLAN)""",
    """SELECT TOP 3 DISTINCT "CardCode" FROM OCRD WHERE "CardName" LIKE_REGEXPR '^[İŞÇ]'
       AND "CardCode" NOT LIKE '9!%%' ESCAPE '!'""",
    """SELECT "CardCode" FROM OCRD MINUS SELECT "CardCode" FROM ORDR ORDER BY 1 LIMIT 3""",
    """SELECT FIRST_VALUE("DocNum" ORDER BY "DocDate"), AVG("DocTotal") FROM ORDR
       GROUP BY "CardCode" LIMIT 3""",
    """SELECT D.GENERATED_PERIOD_START, D.GENERATED_PERIOD_END, COUNT(T0."DocEntry")
       FROM SERIES_GENERATE_DATE('INTERVAL 1 MONTH', '2026-01-01', ADD_MONTHS('2026-01-01', 3)) D
       LEFT JOIN ORDR T0 ON T0."DocDate" >= D.GENERATED_PERIOD_START
       AND T0."DocDate" < D.GENERATED_PERIOD_END
       GROUP BY D.GENERATED_PERIOD_START, D.GENERATED_PERIOD_END ORDER BY 1""",
    """SELECT TOP 3 "WhsCode", PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY "OnHand" DESC),
       PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY "OnHand") FROM OITW GROUP BY "WhsCode"
       ORDER BY 1""",
    """SELECT TOP 3 "ItemCode", PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY "OnHand")
       OVER (PARTITION BY "ItemCode") FROM OITW ORDER BY 1, 2""",
    """SELECT TOP 3 "CardName" FROM OCRD ORDER BY "CardName" COLLATE TURKISH DESC, "CardCode" """,
    """SELECT FIRST_VALUE("DocNum") OVER (PARTITION BY "CardCode" ORDER BY "DocDate"),
       AVG("DocTotal") OVER (PARTITION BY "CardCode") FROM ORDR LIMIT 3""",
]


def one(source: DuckDBSource, sql: str, *parameters: object) -> object:
    with source.query(sql, parameters) as result:
        ((value,),) = [row for batch in result.batches() for row in batch]
        return value


@pytest.mark.parametrize(("expression", "value"), FROM_DUMMY, ids=lambda value: str(value)[:40])
def test_a_function_gives_what_hana_gives(
    source: DuckDBSource, expression: str, value: object
) -> None:
    assert one(source, f"SELECT {expression} FROM DUMMY") == value


@pytest.mark.parametrize("sql", ON_TABLES)
def test_a_query_in_hanas_words_gives_three_rows(source: DuckDBSource, sql: str) -> None:
    with source.query(sql, ()) as result:
        assert [len(batch) for batch in result.batches()] == [3]


@pytest.mark.parametrize(
    "condition",
    [
        "\"DocDate\" >= '2026-01-01'",
        "\"DocDate\" >= '20260101'",
        "\"DocDate\" >= TO_DATE('01.01.2026', 'DD.MM.YYYY')",
        "TO_VARCHAR(\"DocDate\", 'YYYYMMDD') >= '20260101'",
        "\"DocDate\" BETWEEN '20260101' AND '2099-01-01'",
        "NOT \"DocDate\" < '20260101'",
    ],
)
def test_a_day_written_as_text_meets_a_date(source: DuckDBSource, condition: str) -> None:
    wanted = one(source, 'SELECT COUNT(*) FROM ORDR WHERE "DocDate" >= ?', date(2026, 1, 1))
    assert one(source, f"SELECT COUNT(*) FROM ORDR WHERE {condition}") == wanted
    assert wanted


def test_a_percentile_lies_between_its_neighbours_or_is_one_of_them(source: DuckDBSource) -> None:
    values = (
        "(SELECT 10 AS N FROM DUMMY UNION ALL SELECT 20 FROM DUMMY UNION ALL SELECT 40 FROM DUMMY)"
    )
    for asked, wanted in [
        ("PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY N)", 30),
        ("PERCENTILE_CONT(0.75) WITHIN GROUP (ORDER BY N DESC)", 15),
        ("PERCENTILE_DISC(0.75) WITHIN GROUP (ORDER BY N)", 40),
    ]:
        assert one(source, f"SELECT {asked} FROM {values}") == wanted


def test_a_series_ends_before_its_last_day(source: DuckDBSource) -> None:
    sql = "SELECT * FROM SERIES_GENERATE_DATE('INTERVAL 1 DAY', '2026-01-30', '2026-02-01')"
    with source.query(sql, ()) as result:
        assert [column.name for column in result.columns] == list(SERIES_COLUMNS)
        assert next(result.batches()) == [
            (date(2026, 1, 30), date(2026, 1, 31), 1),
            (date(2026, 1, 31), date(2026, 2, 1), 2),
        ]


def test_a_series_takes_its_bounds_from_a_value_or_from_a_query(
    source: DuckDBSource,
) -> None:
    series = "SERIES_GENERATE_DATE('INTERVAL 1 DAY', {since}, {until})"
    counted = f"SELECT COUNT(*) FROM {series.format(since='?', until='?')}"
    with source.query(counted, ("2026-01-30", date(2026, 2, 2))) as result:
        assert list(result.batches()) == [[(3,)]]
    beside = series.format(since="(SELECT '2026-01-30' FROM DUMMY)", until="'2026-02-02'")
    assert one(source, f"SELECT MAX(ELEMENT_NUMBER) FROM {beside}") == 3


@pytest.mark.parametrize("given", ["'INTERVAL 1 DAY', '2026-01-01'", "'DAY', '2026', '2027'"])
def test_a_series_that_cannot_be_read_is_refused(source: DuckDBSource, given: str) -> None:
    with pytest.raises(SqlError, match="SERIES_GENERATE_DATE"):
        one(source, f"SELECT COUNT(*) FROM SERIES_GENERATE_DATE({given})")


def test_the_seconds_of_a_year_are_not_gathered_before_they_are_counted() -> None:
    sql = (
        "SELECT COUNT(*) || '', MAX(ELEMENT_NUMBER), MAX(GENERATED_PERIOD_END) FROM"
        " SERIES_GENERATE_TIMESTAMP('INTERVAL 1 SECOND', '2000-01-01', '2001-01-01')"
    )
    told = subprocess.run(
        [sys.executable, "-c", PEAK, to_duckdb(sql)], capture_output=True, text=True, check=True
    )
    rows, peak_kilobytes = told.stdout.splitlines()
    assert rows == "[('31622400', 31622400, datetime.datetime(2001, 1, 1, 0, 0))]"
    assert int(peak_kilobytes) < 300_000


def test_turkish_letters_stand_where_turkish_has_them(source: DuckDBSource) -> None:
    letters = " UNION ALL ".join(f"SELECT '{letter}' AS L FROM DUMMY" for letter in "zıiçhjdş")
    sql = f"SELECT STRING_AGG(L, '' ORDER BY L COLLATE TURKISH) FROM ({letters})"
    assert one(source, sql) == "çdhıijşz"


@pytest.mark.parametrize(
    ("expression", "what"),
    [
        ("'a' LIKE_REGEXPR 'b' FLAG 'x'", "FLAG 'x'"),
        ("REPLACE_REGEXPR('a' IN 'aa' WITH 'b' OCCURRENCE 2) = 'ab'", "OCCURRENCE"),
        ("LOCATE_REGEXPR('a' IN 'aa' FROM 2) = 2", "LOCATE_REGEXPR"),
        ("'a' = 'b' COLLATE KLINGON", "COLLATE KLINGON"),
    ],
)
def test_what_this_source_cannot_do_is_refused_by_name(
    source: DuckDBSource, expression: str, what: str
) -> None:
    with pytest.raises(SqlError, match=f"{what}.* is not known to this source"):
        one(source, f"SELECT CASE WHEN {expression} THEN 1 END FROM DUMMY")


def test_parameters_keep_their_order_though_top_moves(source: DuckDBSource) -> None:
    sql = 'SELECT TOP ? "DocEntry" FROM ORDR WHERE "DocEntry" > ? ORDER BY "DocEntry"'
    with source.query(sql, (2, 10)) as result:
        assert next(result.batches()) == [(11,), (12,)]


def test_a_bare_name_is_upper_case_and_a_column_without_name_is_its_text(
    source: DuckDBSource,
) -> None:
    with source.query('SELECT 1 AS total, SUM("OnHand"), "ItemCode" FROM OITM GROUP BY 3', ()) as r:
        assert [column.name for column in r.columns] == ["TOTAL", "SUM(OnHand)", "ItemCode"]


def test_nulls_come_first_as_in_hana(source: DuckDBSource) -> None:
    sql = 'SELECT TOP 1 "Comments" FROM ORDR ORDER BY "Comments"'
    assert one(source, sql) is None
