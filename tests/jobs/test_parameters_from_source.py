"""Values of parameters that only the source of the report tells."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.errors import ErrorKind, Invalid, JobError
from tasks.jobs.registry import find_job
from tasks.jobs.values import values_of
from tasks.reports.parameters import definitions_of
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
            """CREATE TABLE "T" AS SELECT d AS "D", day(d)::INT AS "N"
            FROM (SELECT DATE '2026-01-01' + range::INT AS d FROM range(365))"""
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


DAYS = {"name": "n", "type": "multi_choice_sql", "sql": 'SELECT "N" FROM "T"'}
CHOSEN = 'SELECT "D" FROM "T" WHERE "N" IN (:n)'


def chosen(folder: Path, given: object, **definition: Any) -> int | None:
    return performed(
        folder,
        settings={"source": "demo", "sql": CHOSEN, "formats": ["csv"]},
        parameter_definitions=[DAYS | definition],
        parameters={"n": given},
    )


def test_what_was_chosen_of_numbers_is_bound_as_numbers(company: Path) -> None:
    assert chosen(company, ["1", "31"]) == 12 + 7


def test_none_of_several_reads_all_of_them(company: Path) -> None:
    assert chosen(company, None, required=False) == 365


def test_what_is_no_choice_at_the_source_fails_with_a_sentence(company: Path) -> None:
    with pytest.raises(Invalid, match="Day: “32” is not among the choices"):
        chosen(company, ["1", "32"], label="Day")


def test_a_job_without_a_source_takes_the_text_as_it_is() -> None:
    context = a_context(
        Path("unused"),
        parameter_definitions=[DAYS | {"type": "choice_sql"}],
        parameters={"n": "7"},
    )
    assert values_of(context, definitions_of(context.parameter_definitions)) == {"n": "7"}
