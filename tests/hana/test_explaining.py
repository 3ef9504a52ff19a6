"""HANA tells how it would answer a query, and answers nothing."""

from typing import Any

import pytest
from hdbcli import dbapi

QUERY = (
    'SELECT T1."CardName", SUM(T0."DocTotal") FROM OINV T0'
    ' JOIN OCRD T1 ON T1."CardCode" = T0."CardCode" WHERE T0."DocDate" >= ? GROUP BY T1."CardName"'
)
PLAN = (
    "SELECT OPERATOR_NAME, TABLE_NAME, OPERATOR_ID, PARENT_OPERATOR_ID FROM EXPLAIN_PLAN_TABLE"
    " WHERE STATEMENT_NAME = 'mine' ORDER BY OPERATOR_ID"
)


def test_a_plan_is_a_tree_of_rows_until_it_is_forgotten(reader: Any) -> None:
    reader.execute(f"EXPLAIN PLAN SET STATEMENT_NAME = 'mine' FOR {QUERY}")
    reader.execute(PLAN)
    rows = [tuple(row) for row in reader.fetchall()]

    assert {row[1] for row in rows if row[0] == "COLUMN TABLE"} == {"OINV", "OCRD"}
    assert [row[2] for row in rows] == list(range(1, len(rows) + 1))
    assert all(row[3] < row[2] for row in rows[1:])

    reader.execute("DELETE FROM EXPLAIN_PLAN_TABLE WHERE STATEMENT_NAME = 'mine'")
    reader.execute(PLAN)
    assert reader.fetchall() == []


def test_a_query_that_is_wrong_has_no_plan(reader: Any) -> None:
    with pytest.raises(dbapi.ProgrammingError) as refused:
        reader.execute("EXPLAIN PLAN FOR SELECT * FROM NOWHERE")

    assert refused.value.errorcode == 259
