"""A report reads and writes no more than it may, and then fails in words with nothing left."""

from pathlib import Path

import duckdb
import pytest

from tasks.db import reading
from tasks.errors import ErrorKind, JobError
from tasks.jobs.registry import find_job
from tasks.models import Artifact, Delivery, Run, RunState
from tasks.reports.settings import ReportSettings
from tasks.runs.files import attempt_folder
from tasks.runs.perform import perform
from tasks.settings import settings
from tests.support.factories import a_hana_source, a_run, a_source, a_task
from tests.support.hana import READER, Hana
from tests.support.jobs import a_context
from tests.support.waiting import wait_until

ROWS = 12_000
SETTINGS = {"source": "demo", "sql": 'SELECT "N" FROM "T"', "formats": ["csv", "xlsx"]}


@pytest.fixture
def numbers(sqlite_database: str, home: Path) -> Path:
    """A source with 12,000 rows of a number and a long text that no packing makes short."""
    with duckdb.connect(home / "demo.duckdb") as company:
        company.execute("CREATE SCHEMA SBODEMOTR")
        company.execute(
            f"""CREATE TABLE SBODEMOTR."T" AS
            SELECT range AS "N", repeat(md5(range::VARCHAR), 4) AS "X" FROM range({ROWS})"""
        )
    a_source()
    return home


def test_as_many_rows_as_the_task_allows_are_not_too_many(numbers: Path) -> None:
    context = a_context(numbers / "made", settings=SETTINGS | {"max_rows": ROWS})
    assert find_job("report").perform(context).rows == ROWS


@pytest.mark.parametrize("most", [1, 5_000, ROWS - 1])
def test_one_row_more_than_the_task_allows_is_an_error_that_says_what_to_do(
    numbers: Path, most: int
) -> None:
    context = a_context(numbers / "made", settings=SETTINGS | {"max_rows": most})
    with pytest.raises(JobError) as refused:
        find_job("report").perform(context)
    assert refused.value.message == (
        f"The query gives more than {most:,} rows, which is the limit of this task. Narrow the "
        "query, for example by a parameter, or raise the limit in the task."
    )
    assert (refused.value.kind, refused.value.transient) == (ErrorKind.SQL, False)
    assert list((numbers / "made").iterdir()) == []


def test_what_is_beyond_the_limit_is_not_read(numbers: Path) -> None:
    context = a_context(numbers / "made", settings=SETTINGS | {"max_rows": 10})
    with pytest.raises(JobError, match="more than 10 rows"):
        find_job("report").perform(context)
    assert context.last_progress is None


def test_a_run_with_too_many_rows_fails_for_good_without_a_file_or_a_mail(
    numbers: Path, home: Path
) -> None:
    task = a_task(
        settings=SETTINGS | {"max_rows": 10, "recipients": ["ayse@example.com"]},
        retry_on=["sql", "render"],
        max_attempts=5,
    )
    run = a_run(task)
    perform(run.id, worker="worker-1")
    with reading() as session:
        ended = session.get_one(Run, run.id)
        kept = (session.query(Artifact).count(), session.query(Delivery).count())
    assert (ended.state, ended.error_kind, ended.attempt) == (RunState.FAILED, ErrorKind.SQL, 1)
    assert ended.next_attempt_at is None
    assert kept == (0, 0)
    assert not attempt_folder(run.id, 1).exists()


def test_files_larger_than_the_installation_allows_are_an_error_that_names_the_setting(
    numbers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_REPORT_MAX_MEGABYTES", "1")
    settings.cache_clear()
    wide = SETTINGS | {"sql": 'SELECT "N", "X" FROM "T"', "formats": ["csv"]}
    with pytest.raises(JobError) as refused:
        find_job("report").perform(a_context(numbers / "made", settings=wide))
    assert refused.value.message.startswith("The files of the report are larger than 1 MB")
    assert "ORCHESTRATOR_REPORT_MAX_MEGABYTES" in refused.value.message
    assert refused.value.kind is ErrorKind.SQL
    assert list((numbers / "made").iterdir()) == []


def test_files_that_fit_only_one_by_one_are_too_large_together(
    numbers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_REPORT_MAX_MEGABYTES", "1")
    settings.cache_clear()
    some = {"sql": 'SELECT "N", "X" FROM "T" WHERE "N" < 6500'}
    for formats in (["csv"], ["xlsx"]):
        alone = a_context(numbers / formats[0], settings=SETTINGS | some | {"formats": formats})
        assert find_job("report").perform(alone).rows == 6_500
    with pytest.raises(JobError, match="larger than 1 MB"):
        find_job("report").perform(a_context(numbers / "both", settings=SETTINGS | some))


def test_hana_is_left_alone_once_there_are_too_many_rows(
    sqlite_database: str, home: Path, hana: Hana
) -> None:
    a_hana_source(hana.port, password=READER[1])
    many = 'SELECT A."DocEntry" FROM "OINV" A CROSS JOIN "OINV" B'
    given = {"source": "hana", "sql": many, "formats": ["csv"], "max_rows": 5_000}
    with pytest.raises(JobError, match="more than 5,000 rows"):
        find_job("report").perform(a_context(home / "made", settings=given))
    wait_until(lambda: hana.status().open == 0, "the connection is closed")
    assert hana.status().counts["rows"] <= 20_000


def test_a_task_from_before_the_limit_has_the_usual_one() -> None:
    kept = ReportSettings.model_validate({"source": "demo", "sql": "SELECT 1 FROM DUMMY"})
    assert (kept.max_rows, kept.totals) == (1_000_000, None)
