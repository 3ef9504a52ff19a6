"""PostgreSQL as a source, through its real driver: rows as they are, and nothing is written."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from tasks.errors import ErrorKind, JobError
from tasks.rows import ColumnKind
from tests.database.postgresql_place import USER, Place, refusal, rows_of


def test_columns_have_their_kind_and_decimals_their_scale(place: Place) -> None:
    sql = (
        "SELECT 1 AS whole, 1.5::numeric(10, 2) AS money, 1.5::float8 AS ratio, true AS yes,"
        " DATE '2026-03-16' AS day, TIMESTAMP '2026-03-16 09:30' AS moment, 'ş'::text AS word"
    )
    with place.source().query(sql, ()) as result:
        kinds = [(one.name, one.kind, one.scale) for one in result.columns]
        [[row]] = list(result.batches())
    assert kinds == [
        ("whole", ColumnKind.INTEGER, None),
        ("money", ColumnKind.DECIMAL, 2),
        ("ratio", ColumnKind.FLOAT, None),
        ("yes", ColumnKind.BOOLEAN, None),
        ("day", ColumnKind.DATE, None),
        ("moment", ColumnKind.DATETIME, None),
        ("word", ColumnKind.TEXT, None),
    ]
    moment = datetime(2026, 3, 16, 9, 30)
    assert row == (1, Decimal("1.50"), 1.5, True, date(2026, 3, 16), moment, "ş")
    assert str(row[1]) == "1.50"


def test_what_no_cell_can_hold_comes_as_its_text(place: Place) -> None:
    sql = (
        """SELECT '{"a": [1]}'::jsonb, ARRAY[1, 2], '10.0.0.1'::inet, NULL::uuid,"""
        " INTERVAL '90 minutes', 'mon'::name"
    )
    [row] = rows_of(place.source(), sql)
    assert row == ('{"a": [1]}', "{1,2}", "10.0.0.1", None, "01:30:00", "mon")


def test_values_are_bound_and_never_pasted(place: Place) -> None:
    hostile = "'; DROP TABLE company.item; --%s$1"
    sql = "SELECT ?::text, '?' AS \"is it?\", ? + 1 /* ? */ -- ?"
    assert rows_of(place.source(), sql, hostile, 41) == [(hostile, "?", 42)]
    with pytest.raises(JobError, match="2 parameters but 1 values") as refused:
        rows_of(place.source(), sql, hostile)
    assert refused.value.kind is ErrorKind.PARAMETER


def test_rows_come_in_batches_by_a_cursor_of_the_server(place: Place) -> None:
    with place.source(schema="company").query("SELECT code FROM item", ()) as result:
        sizes = [len(batch) for batch in result.batches(5_000)]
    assert sizes == [5_000, 5_000, 2_000]


def test_the_company_is_put_in_as_a_quoted_name(place: Place) -> None:
    source = place.source(schema="company")
    assert rows_of(source, "SELECT count(*) FROM {schema}.item WHERE '{schema}' <> ?", "") == [
        (12_000,)
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM company.item",
        "SELECT 1; DELETE FROM company.item",
        "SELECT 1; COMMIT; DELETE FROM company.item",
        "WITH gone AS (DELETE FROM company.item RETURNING 1) SELECT * FROM gone",
        "SELECT set_config('transaction_read_only', 'off', false)",
        "SELECT nextval('company.counter')",
        "SELECT lo_creat(-1)",
    ],
)
def test_nothing_can_be_written_even_by_who_may_write(place: Place, sql: str) -> None:
    place.owner.execute(f"GRANT ALL ON company.item TO {USER}")
    place.owner.execute("CREATE SEQUENCE company.counter")
    place.owner.execute(f"GRANT ALL ON company.counter TO {USER}")
    assert refusal(place.source(), sql).kind is ErrorKind.SQL
    assert place.owner.execute("SELECT count(*) FROM company.item").fetchone() == (12_000,)


def test_the_database_sees_which_task_reads(place: Place) -> None:
    [[name]] = rows_of(place.source(), "SELECT current_setting('application_name')")
    assert name == "Task Orchestrator: stock-daily"


def test_a_moment_with_a_zone_comes_in_the_zone_of_the_installation(place: Place) -> None:
    [[moment]] = rows_of(place.source(), "SELECT TIMESTAMPTZ '2026-03-16 09:00+00' AS at")
    assert isinstance(moment, datetime)
    assert (moment.hour, moment.utcoffset()) == (12, timedelta(hours=3))
