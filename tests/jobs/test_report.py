"""The job `report` says how far it is while its rows come."""

from pathlib import Path

import duckdb

from tasks.jobs.context import Progress
from tasks.jobs.registry import find_job
from tests.support.factories import a_source
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
