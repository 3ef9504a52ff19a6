"""The job `report` says how far it is while its rows come."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from tasks.db import reading
from tasks.errors import JobError
from tasks.jobs.context import Progress
from tasks.jobs.registry import find_job
from tasks.models import Overlap, Run, RunState
from tasks.runs.perform import perform
from tests.support.factories import a_run, a_schedule, a_source, a_task
from tests.support.jobs import a_context

SETTINGS = {"source": "demo", "sql": 'SELECT "N" FROM "T"', "formats": ["csv"]}


def test_every_batch_of_rows_is_progress(sqlite_database: str, home: Path) -> None:
    with duckdb.connect(home / "demo.duckdb") as company:
        company.execute("CREATE SCHEMA SBODEMOTR")
        company.execute('CREATE TABLE SBODEMOTR."T" AS SELECT range AS "N" FROM range(12000)')
    a_source()
    said: list[Progress | None] = []
    context = a_context(home / "artifacts", settings=SETTINGS)

    def listen() -> bool:
        said.append(context.last_progress)
        return False

    context.stopped = listen
    find_job("report").perform(context)
    rows = [one.done for one in [*said, context.last_progress] if one]
    assert rows == [5_000, 10_000, 12_000]
    assert context.last_progress == Progress(12_000, None, "rows read")


def test_several_values_and_spans_are_bound_told_in_the_log_and_in_the_mail(
    sqlite_database: str, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with duckdb.connect(home / "demo.duckdb") as company:
        company.execute("CREATE SCHEMA SBODEMOTR")
        company.execute(
            """CREATE TABLE SBODEMOTR."T" AS SELECT DATE '2026-02-01' + CAST(range AS INT) AS "D",
            CASE range % 3 WHEN 0 THEN 'o''k' WHEN 1 THEN 'b' ELSE 'c' END AS "K" FROM range(60)"""
        )
    a_source()
    sql = 'SELECT "K" FROM "T" WHERE "D" BETWEEN :m_from AND :m_to AND "K" IN (:kinds)'
    settings = SETTINGS | {"sql": sql, "recipients": ["ayse@example.com"]}
    context = a_context(
        home / "artifacts",
        settings=settings,
        parameter_definitions=[
            {"name": "m", "type": "month", "label": "Month"},
            {"name": "kinds", "type": "multi_choice", "choices": ["o'k", "b", "c"]},
        ],
        parameters={"m": "last_month", "kinds": ["o'k", "b"]},
    )
    with caplog.at_level("INFO", logger="tasks.run"):
        result = find_job("report").perform(context)
    assert result.rows == 19
    (told,) = [one for one in caplog.records if one.message == "parameters resolved"]
    assert vars(told)["parameters"] == "m: 2026-02-01 – 2026-02-28; kinds: o'k, b"
    assert "Month: 2026-02-01 – 2026-02-28\nkinds: o'k, b" in result.letters[0].body


def test_wrong_sql_after_many_values_is_told_where_the_author_wrote_it(
    sqlite_database: str, home: Path
) -> None:
    with duckdb.connect(home / "demo.duckdb") as company:
        company.execute("CREATE SCHEMA SBODEMOTR")
        company.execute('CREATE TABLE SBODEMOTR."T" AS SELECT \'a\' AS "K"')
    a_source()
    sql = 'SELECT "K" FROM "T" WHERE "K" IN (:kinds) AND "WRONG" = 1'
    choices = [f"choice {number}" for number in range(200)]
    context = a_context(
        home / "artifacts",
        settings=SETTINGS | {"sql": sql},
        parameter_definitions=[{"name": "kinds", "type": "multi_choice", "choices": choices}],
        parameters={"kinds": choices},
    )
    with pytest.raises(JobError) as refused:
        find_job("report").perform(context)
    assert refused.value.message.startswith(f"Line 1, column {sql.index('WRONG')}:")


def test_a_report_reads_from_the_last_success_on(sqlite_database: str, home: Path) -> None:
    with duckdb.connect(home / "demo.duckdb") as company:
        company.execute("CREATE SCHEMA SBODEMOTR")
        company.execute(
            """CREATE TABLE SBODEMOTR."T" AS SELECT
            TIMESTAMP '2026-03-16 00:00:00' + INTERVAL (range) MINUTE AS "At" FROM range(1440)"""
        )
    a_source()
    sql = 'SELECT "At" FROM "T" WHERE "At" >= :p_from AND "At" < :p_to'
    task = a_task(
        settings={"sql": sql, "formats": ["csv"]},
        parameters=[{"name": "p", "type": "since_last_success", "default": "today"}],
        overlap=Overlap.QUEUE,
    )
    schedule = a_schedule(task, timezone="Europe/Istanbul")
    rows = []
    for hour in (3, 4, 6):  # 06:00, 07:00 and 09:00 in Istanbul
        at = datetime(2026, 3, 16, hour, tzinfo=UTC)
        run = a_run(
            task,
            schedule_id=schedule.id,
            scheduled_for=at,
            parameters={"p": "since_last_success"},
        )
        perform(run.id, worker="worker-1")
        with reading() as session:
            ended = session.get_one(Run, run.id)
        rows.append((ended.state, ended.rows))
    assert rows == [(RunState.SUCCEEDED, minutes) for minutes in (6 * 60, 60, 120)]
