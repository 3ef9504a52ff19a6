"""The SQL of a report is judged before its source is asked."""

from pathlib import Path

import pytest

from tasks.db import reading
from tasks.errors import ErrorKind
from tasks.models import Run, RunState
from tasks.runs.perform import perform
from tests.support.factories import a_hana_source, a_run, a_task
from tests.support.hana import READER, Hana


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ('SELECT 1 FROM DUMMY;\nDELETE FROM "OINV"', "Line 1, column 20: Only one query"),
        ('SELECT 1\n FROM "OINV" FOR UPDATE', "Line 2, column 14: FOR UPDATE locks rows"),
        ('SELECT "MY_FUNCTION"(1) FROM DUMMY', "Line 1, column 8: "),
    ],
)
def test_what_is_no_query_that_only_reads_never_reaches_the_source(
    sqlite_database: str, home: Path, hana: Hana, sql: str, told: str
) -> None:
    a_hana_source(hana.port, password=READER[1])
    run = a_run(a_task(settings={"source": "hana", "sql": sql}, max_attempts=3))
    perform(run.id, worker="worker-1")
    with reading() as session:
        ended = session.get_one(Run, run.id)
    assert (ended.state, ended.error_kind) == (RunState.FAILED, ErrorKind.SQL)
    assert ended.error is not None
    assert ended.error.startswith(told)
    assert (hana.status().statements, hana.status().counts.get("accepted", 0)) == ([], 0)
