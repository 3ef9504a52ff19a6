"""Parameters of a preview that only the source can tell."""

from pathlib import Path

import duckdb
import pytest

from tasks.errors import Invalid
from tasks.reports.parameters import ParameterDefinition
from tasks.reports.preview import preview
from tests.support.factories import a_source

CODES = 'SELECT "N" FROM "T"'


@pytest.fixture(autouse=True)
def company(database: str, home: Path) -> None:
    with duckdb.connect(home / "demo.duckdb") as connection:
        connection.execute("CREATE SCHEMA SBODEMOTR")
        connection.execute('CREATE TABLE SBODEMOTR."T" AS SELECT range::INT AS "N" FROM range(9)')
        connection.execute(
            """CREATE TABLE SBODEMOTR."OFPR" AS
            SELECT DATE '2000-01-01' AS "F_RefDate", DATE '2999-12-31' AS "T_RefDate" """
        )
    a_source()


def first(text: str, value: str, **definition: object) -> list[tuple[object, ...]]:
    one = ParameterDefinition.model_validate({"name": "p"} | definition)
    return [tuple(row) for row in preview("demo", text, [one], {"p": value}).rows]


def test_a_posting_period_is_that_of_today() -> None:
    sql = 'SELECT 7 AS "A" FROM "OFPR" WHERE "T_RefDate" = :p'
    assert first(sql, "posting_period_end", type="date") == [(7,)]
    assert first(sql, "posting_period_start", type="date") == []


def test_what_was_chosen_is_bound_as_the_source_has_it() -> None:
    sql = 'SELECT "N" FROM "T" WHERE "N" IN (:p) ORDER BY "N"'
    several = {"type": "multi_choice_sql", "sql": CODES, "required": False}
    assert first(sql, "7, 3", **several) == [(3,), (7,)]
    assert len(first(sql, "", **several)) == 9


def test_what_is_no_choice_is_said() -> None:
    with pytest.raises(Invalid, match="“9” is not among the choices"):
        first(f'{CODES} WHERE "N" = :p', "9", type="choice_sql", sql=CODES)
