"""The rewrite alone, which the test server of HANA's protocol uses too."""

from tasks.sources.hana_to_duckdb import to_duckdb


def test_the_rewrite_needs_no_database() -> None:
    assert to_duckdb('SELECT TOP 2 "A" FROM "S"."T" WHERE "B" = \'x\';') == (
        'SELECT "A" FROM "S"."T" WHERE "B" = \'x\' LIMIT 2'
    )


def test_parameters_are_numbered_in_the_authors_order() -> None:
    assert to_duckdb('SELECT TOP ? "A" FROM "T" WHERE "B" = ?') == (
        'SELECT "A" FROM "T" WHERE "B" = $2 LIMIT $1'
    )


def test_a_hint_is_left_out_and_dummy_has_one_row() -> None:
    assert to_duckdb('SELECT 1 AS "x" FROM DUMMY WITH HINT (USE_HEX_PLAN(1), "no")') == (
        'SELECT 1 AS "x" FROM (SELECT \'X\' AS "DUMMY") AS DUMMY'
    )


def test_a_code_of_eight_digits_is_still_text() -> None:
    assert "= '20240101'" in to_duckdb('SELECT "A" FROM "T" WHERE "A" = \'20240101\'')
