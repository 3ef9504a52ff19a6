"""PostgreSQL as a source for an author: the test, the first rows, the plan and the names."""

import time

import pytest

from tasks.errors import JobError
from tasks.reports.parameters import definitions_of
from tasks.reports.plan_of import plan_of
from tasks.reports.preview import preview
from tasks.sources.catalogue import names_of
from tasks.sources.sql_text import SqlError
from tasks.sources.testing import try_source
from tests.database.postgresql_place import LONG, PASSWORD, USER, Place, a_row


def test_a_test_tells_who_reads_and_what_is_too_much(place: Place) -> None:
    source = a_row(place, PASSWORD)
    place.owner.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    found = try_source(source)
    assert (found.user, found.schema, found.wide_rights) == (USER, "company", ())
    assert found.product.startswith("PostgreSQL ")
    place.owner.execute(f"GRANT INSERT, DELETE ON company.item TO {USER}")
    place.owner.execute(f"GRANT CREATE ON SCHEMA company TO {USER}")
    place.owner.execute(f"GRANT pg_write_all_data TO {USER}")
    place.owner.execute(f"ALTER ROLE {USER} CREATEDB")
    found = try_source(source)
    rights = {(one.place, one.role): set(one.rights) for one in found.wide_rights}
    assert {"INSERT", "DELETE", "CREATE"} <= rights["company", ""]
    assert rights["", "pg_write_all_data"] == {"MEMBER"}
    assert rights["", USER] == {"CREATEDB"}


def test_the_first_rows_come_without_the_others(place: Place) -> None:
    a_row(place, PASSWORD)
    asked = definitions_of([{"name": "code", "type": "text", "default": "I1"}])
    sql = "SELECT n::text || :code AS c FROM generate_series(1, 1000000) AS n"
    seen = preview("logo", sql, asked, {})
    assert (len(seen.rows), seen.rows[0], seen.more) == (50, ("1I1",), True)
    assert seen.seconds < 30


def test_a_preview_that_takes_too_long_is_stopped(place: Place) -> None:
    a_row(place, PASSWORD)
    with pytest.raises(JobError, match="longer than (the )?1 s"):
        preview("logo", LONG, [], {}, seconds=1)


def test_the_seconds_of_a_preview_hold_for_all_of_its_rows(place: Place) -> None:
    """No step alone is too long here, so the database itself has nothing to stop."""
    a_row(place, PASSWORD)
    sql = "SELECT n::text, pg_sleep(0.09)::text AS waited FROM generate_series(1, 5000) AS n"
    began = time.monotonic()
    with pytest.raises(JobError, match="longer than 2 s"):
        preview("logo", sql, [], {}, rows=5_000, seconds=2)
    assert time.monotonic() - began < 30  # all of them would take 450


def test_the_plan_is_told_and_the_query_not_run(place: Place) -> None:
    a_row(place, PASSWORD)
    asked = definitions_of([{"name": "code", "type": "text", "default": "I1"}])
    plan = plan_of(
        "logo", "SELECT * FROM item WHERE code = :code AND pg_sleep(9)::text = ''", asked, {}
    )
    assert plan is not None
    assert plan.lines[0].startswith("Seq Scan on item")


def test_what_has_no_plan_is_told_at_its_place(place: Place) -> None:
    with pytest.raises(SqlError) as unknown:
        place.source(schema="company").explain("SELECT code,\n  wrong FROM item\n", ())
    assert (unknown.value.line, unknown.value.column) == (2, 3)
    for sql in ("ANALYZE SELECT pg_sleep(9)", "SELECT 1; DROP TABLE company.item"):
        with pytest.raises(JobError):
            place.source().explain(sql, ())
    place.source().explain("CREATE TABLE company.more AS SELECT 1 AS a", ())
    assert place.owner.execute("SELECT to_regclass('company.more')").fetchone() == (None,)


def test_only_the_tables_that_may_be_read_are_told(place: Place) -> None:
    a_row(place, PASSWORD)
    place.owner.execute("CREATE TABLE company.wage (amount numeric)")
    place.owner.execute("ALTER TABLE company.item DROP seen")
    columns = [("code", "text"), ("stock", "numeric(12,3)")]
    tables = names_of("logo").tables
    assert {name: [(one.name, one.type) for one in tables[name]] for name in tables} == {
        "item": columns
    }
