"""A CREATE TABLE is read with HANA's types."""

import pytest

from tests.hana_server import create_table
from tests.hana_server.errors import HanaError


def test_names_fold_and_types_become_duckdbs() -> None:
    table = create_table.parse(
        'CREATE COLUMN TABLE "S"."t" (id INT PRIMARY KEY, "Ad" NVARCHAR(20) NOT NULL,'
        " v DECIMAL(21, 6) DEFAULT 0, n NCLOB, d SECONDDATE, PRIMARY KEY (id))"
    )

    assert table is not None
    assert (table.schema, table.name) == ("S", "t")
    assert table.definitions == (
        '"ID" INTEGER PRIMARY KEY',
        '"Ad" VARCHAR NOT NULL',
        '"V" DECIMAL(21, 6) DEFAULT 0',
        '"N" VARCHAR',
        '"D" TIMESTAMP',
        "PRIMARY KEY (id)",
    )
    assert [kind.name for kind in table.columns.values()] == [
        "INTEGER",
        "NVARCHAR",
        "DECIMAL",
        "NCLOB",
        "SECONDDATE",
    ]


def test_each_column_keeps_its_type_as_a_comment() -> None:
    table = create_table.parse("CREATE TABLE T (A DECIMAL(10,2), B DECIMAL, C NVARCHAR(5), D DATE)")

    assert table is not None
    kept = [statement.rsplit(" IS ", 1)[1] for statement in table.statements("S")[1:]]
    assert kept == ["'DECIMAL(10,2)'", "'DECIMAL'", "'NVARCHAR(5)'", "'DATE'"]


def test_a_type_that_hana_does_not_know_is_told_with_its_place() -> None:
    with pytest.raises(HanaError) as refused:
        create_table.parse("CREATE TABLE T (A JSONB)")

    assert (refused.value.code, refused.value.position) == (264, 19)


@pytest.mark.parametrize("sql", ["CREATE TABLE T (A", "CREATE TABLE T (A)"])
def test_what_is_not_whole_is_a_syntax_error(sql: str) -> None:
    with pytest.raises(HanaError) as refused:
        create_table.parse(sql)

    assert refused.value.code == 257


@pytest.mark.parametrize("sql", ["DROP TABLE T", "CREATE TABLE T AS (SELECT 1 A FROM DUMMY)"])
def test_other_statements_are_left_to_others(sql: str) -> None:
    assert create_table.parse(sql) is None
