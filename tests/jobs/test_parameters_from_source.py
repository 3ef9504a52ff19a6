"""Values of parameters that only the source of the report tells."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.errors import ErrorKind, Invalid, JobError
from tasks.jobs.registry import find_job
from tests.support.factories import a_source
from tests.support.jobs import a_context

SQL = 'SELECT "D" FROM "T" WHERE "D" BETWEEN :p_from AND :p_to'
PERIOD = {
    "name": "p",
    "type": "date_range",
    "default": "previous_posting_period_start/posting_period_end",
}


@pytest.fixture
def company(sqlite_database: str, home: Path) -> Path:
    """A company whose periods are the months of 2026."""
    path = home / "demo.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("CREATE SCHEMA SBODEMOTR")
        connection.execute("USE SBODEMOTR")
        connection.execute(
            """CREATE TABLE "OFPR" AS SELECT make_date(2026, m::INT, 1) AS "F_RefDate",
            last_day(make_date(2026, m::INT, 1)) AS "T_RefDate" FROM range(1, 13) AS t(m)"""
        )
        connection.execute(
            """CREATE TABLE "T" AS SELECT DATE '2026-01-01' + range::INT AS "D" FROM range(365)"""
        )
    a_source()
    return home / "artifacts"


def performed(folder: Path, **values: Any) -> int | None:
    given: dict[str, Any] = {
        "settings": {"source": "demo", "sql": SQL, "formats": ["csv"]},
        "parameter_definitions": [PERIOD],
        "parameters": {"p": PERIOD["default"]},
    }
    return find_job("report").perform(a_context(folder, **given | values)).rows


def test_a_posting_period_is_that_of_the_day_that_was_meant(company: Path) -> None:
    assert performed(company) == 28 + 31  # February and March


def test_a_day_without_a_posting_period_fails_with_a_sentence(company: Path) -> None:
    with pytest.raises(Invalid, match="no posting period for 2031-03-16"):
        performed(company, scheduled_for=datetime(2031, 3, 16, tzinfo=UTC))


def test_a_source_without_the_table_of_periods_says_so(company: Path) -> None:
    with duckdb.connect(company.parent / "demo.duckdb") as connection:
        connection.execute('DROP TABLE SBODEMOTR."OFPR"')
    with pytest.raises(JobError, match="posting periods cannot be read") as failed:
        performed(company)
    assert failed.value.kind is ErrorKind.PARAMETER


def test_a_source_that_is_away_is_tried_again_later(company: Path) -> None:
    (company.parent / "demo.duckdb").unlink()
    with pytest.raises(JobError) as failed:
        performed(company)
    assert (failed.value.kind, failed.value.transient) == (ErrorKind.SOURCE_UNREACHABLE, True)
