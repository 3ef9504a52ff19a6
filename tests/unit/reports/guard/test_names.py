"""Names against a catalogue, letter by letter, wherever in the query they stand."""

import pytest

from tasks.reports.guard import check
from tests.unit.reports.guard.catalogue import CATALOGUE
from tests.unit.reports.guard.examples import examples

UNKNOWN_TO_THE_DEMO = ("a user table", "tree", "JSON as a table", "a field of a form")


def problems(sql: str) -> list[tuple[int, int, str]]:
    verdict = check(sql, catalogue=CATALOGUE, schema="SBODEMOTR")
    return [(one.line, one.column, one.message) for one in verdict.problems]


@pytest.mark.parametrize(
    "sql",
    [
        pytest.param(sql, id=fact)
        for fact, sql in examples("accepted.sql")
        if not any(part in fact for part in UNKNOWN_TO_THE_DEMO)
    ],
)
def test_the_accepted_queries_name_what_there_is(sql: str) -> None:
    assert problems(sql) == []


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ('SELECT "DocNumm" FROM ORDR', (1, 8, 'column "DocNumm"', '"DocNum"')),
        ('SELECT "docnum" FROM ORDR', (1, 8, 'column "docnum"', '"DocNum"')),
        ("SELECT DocNum FROM ORDR", (1, 8, 'HANA reads DocNum as "DOCNUM"', '"DocNum"')),
        ('SELECT T0."CardCode" FROM "ordr" T0', (1, 27, 'table "ordr"', '"ORDR"')),
        ('SELECT "x" FROM ORDERS', (1, 17, 'table "ORDERS" does not exist', "ORD")),
        ('SELECT T1."CardCode" FROM ORDR T0', (1, 8, "No table of this query is called T1", "")),
        ('SELECT T0."Nope" FROM "{schema}"."ORDR" T0', (1, 11, 'column "Nope"', "")),
        ('SELECT T0."Nope" FROM "SBODEMOTR"."ORDR" T0', (1, 11, 'column "Nope"', "")),
        ('SELECT 1 FROM ORDR\nWHERE "Foo" = 1', (2, 7, 'column "Foo"', "")),
        ('SELECT "City" FROM ORDR', (1, 8, 'column "City"', "")),
        (
            'SELECT S."y" FROM (SELECT "DocNum" AS "x" FROM ORDR) S',
            (1, 10, 'column "y"', ""),
        ),
        (
            'WITH a ("p") AS (SELECT "DocNum" FROM ORDR) SELECT "DocNum" FROM a',
            (1, 52, 'column "DocNum"', ""),
        ),
        (
            'SELECT 1 FROM OCRD T0 WHERE EXISTS (SELECT 1 FROM ORDR T1 WHERE T1."X" = T0."Y")',
            (1, 68, 'column "X"', ""),
        ),
        ('SELECT "DocNum" FROM ORDR ORDER BY "Total"', (1, 36, 'column "Total"', "")),
        (
            'SELECT "DocNum" FROM ORDR UNION ALL SELECT "DocNumX" FROM OINV',
            (1, 44, 'column "DocNumX"', '"DocNum"'),
        ),
        (
            'SELECT A."DocNum" FROM ORDR A JOIN RDR1 B ON A."DocEntry" = B."Docentry"',
            (1, 63, 'column "Docentry"', '"DocEntry"'),
        ),
        (
            'SELECT SUM("Debit") OVER (PARTITION BY "Acount") FROM JDT1',
            (1, 40, 'column "Acount"', '"Account"'),
        ),
    ],
)
def test_a_name_that_is_not_there(sql: str, expected: tuple[int, int, str, str]) -> None:
    found = problems(sql)
    line, column, core, nearest = expected
    assert found[0][:2] == (line, column), found
    assert core in found[0][2]
    assert nearest in found[0][2]


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT (SELECT MAX("DocDate") FROM ORDR WHERE "CardCode" = T0."CardCode") FROM OCRD T0',
        'SELECT "Net" * 2 FROM (SELECT "DocTotal" - "VatSum" AS "Net" FROM OINV) X',
        'SELECT S.* FROM (SELECT * FROM ORDR) S WHERE S."DocNum" = 1',
        'SELECT t0."DocNum" AS total FROM ORDR T0 ORDER BY TOTAL',
        'WITH a AS (SELECT "DocNum" FROM ORDR), b AS (SELECT * FROM a) SELECT B."DocNum" FROM b',
        'WITH OCRD AS (SELECT "DocNum" AS "x" FROM ORDR) SELECT "x" FROM OCRD',
        'SELECT "Whatever" FROM "_SYS_BIC"."a/B"',
        "SELECT CURRENT_UTCDATE, SYSUUID, SESSION_USER FROM DUMMY",
        'SELECT X."c" FROM (SELECT "DocNum" FROM ORDR) AS X ("c")',
        '(SELECT "DocNum" FROM ORDR ORDER BY "DocDate") UNION SELECT 1 FROM OINV ORDER BY "DocNum"',
    ],
)
def test_a_name_that_the_query_makes_or_passes_on(sql: str) -> None:
    assert problems(sql) == []


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT 1 FROM OCRD A JOIN (SELECT "Nope" FROM ORDR) B ON 1 = 1',
        'SELECT 1 FROM OCRD A, LATERAL (SELECT "Nope" FROM ORDR) B',
        'SELECT 1 FROM (SELECT "Nope" FROM ORDR) A',
        'SELECT 1 FROM OCRD WHERE 1 IN (SELECT "Nope" FROM ORDR)',
        'WITH a AS (SELECT "Nope" FROM ORDR) SELECT 1 FROM a, a b',
        'SELECT 1 FROM OCRD A JOIN ORDR B ON A."CardCode" = B."Nope"',
    ],
)
def test_a_wrong_name_is_told_of_once(sql: str) -> None:
    assert [message for _, _, message in problems(sql)] == ['The column "Nope" does not exist.']


def test_every_wrong_name_is_told_of_in_the_order_of_the_text() -> None:
    sql = 'SELECT "A1",\n "DocNum", "B2"\nFROM ORDR WHERE "C3" = 1'
    assert [(line, column) for line, column, _ in problems(sql)] == [(1, 8), (2, 12), (3, 17)]


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT T0."firstName" FROM "SBO_OTHER"."OHEM" T0',
        'SELECT "lastName" FROM "SBO_OTHER"."ORDR"',
        'SELECT A."U_Own" FROM "SBO_OTHER"."ORDR" A JOIN {schema}.ORDR B ON 1 = 1',
        "SELECT * FROM OTHERS.NOTHING",
    ],
)
def test_what_another_schema_has_is_not_looked_up(sql: str) -> None:
    assert problems(sql) == []


def test_beside_another_schema_the_own_names_are_looked_up() -> None:
    sql = 'SELECT A."x", B."Nope" FROM "OTHER"."T" A, {schema}.ORDR B, "SBODEMOTR"."T" C'
    assert [message for _, _, message in problems(sql)] == [
        'The column "Nope" does not exist.',
        'The table "T" does not exist.',
    ]


def test_where_the_schema_of_the_catalogue_is_unknown_only_names_without_one_are_looked_up() -> (
    None
):
    sql = 'SELECT 1 FROM "SBODEMOTR"."T", {schema}."U", "V"'
    found = check(sql, catalogue=CATALOGUE).problems
    assert [one.values["name"] for one in found] == ["U", "V"]


def test_a_synonym_is_a_table_of_unknown_columns_and_never_what_was_meant() -> None:
    catalogue = {"ORDR": {"DocNum"}, "STAFF": None, "STOCKS": None}
    assert check('SELECT "x" FROM STAFF WHERE "y" = 1', catalogue=catalogue).problems == ()
    (found,) = check("SELECT 1 FROM STOCK", catalogue=catalogue).problems
    assert found.message == 'The table "STOCK" does not exist.'


def test_a_name_that_comes_later_is_not_what_was_meant() -> None:
    sql = 'SELECT "DocNum" AS "Nope" FROM ORDR WHERE "Nope" = 1'
    assert problems(sql) == [(1, 43, 'The column "Nope" does not exist.')]
