"""A worker says once what every run says to the database, before it has children."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.engine.interfaces import CacheStats

from tasks import db
from tasks.db import reading, transaction
from tasks.jobs.registry import JobContext, JobResult, job
from tasks.models import Attempt, Run, RunEvent, RunState, TaskDefinition
from tasks.runs.dispatch import look
from tasks.runs.perform import perform
from tasks.runs.rehearsal import rehearse
from tests.support.databases import start_anew
from tests.support.factories import a_run
from tests.support.rows import now


@job("rehearsed")
def does_nothing(_context: JobContext) -> JobResult:
    """Do nothing."""
    return JobResult()


@contextmanager
def compiled() -> Iterator[list[str]]:
    """Collect the first words of the statements that have to be compiled in the block."""
    fresh: list[str] = []

    def note(*given: Any) -> None:
        _connection, _cursor, sql, _parameters, context, _many = given
        if context.cache_hit is CacheStats.CACHE_MISS:
            fresh.append(" ".join(sql.split()[:2]))

    event.listen(db.engine(), "before_cursor_execute", note)
    yield fresh
    event.remove(db.engine(), "before_cursor_execute", note)


def test_what_was_rehearsed_is_not_compiled_again(database: str) -> None:
    with transaction() as session:
        task = TaskDefinition(slug="nothing", title="Nothing", job="rehearsed", settings={})
        session.add(task)
    run = a_run(task)
    start_anew()
    rehearse()
    with compiled() as fresh:
        perform(run.id, worker="worker-1")
        look()
    assert now(run).state is RunState.SUCCEEDED
    assert "UPDATE run" not in fresh
    assert not [words for words in fresh if words.startswith("SELECT task_definition")]
    assert "INSERT INTO" in fresh  # the only thing that cannot be said of a run that there is not


def test_a_rehearsal_changes_nothing(database: str) -> None:
    run = a_run()
    rehearse()
    assert now(run).published_at is None
    with reading() as session:
        counts = [session.scalar(select(func.count(one.id))) for one in (Run, RunEvent, Attempt)]
    assert counts == [1, 0, 0]


def test_a_worker_starts_without_the_database(
    home: object, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    nobody = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    monkeypatch.setenv("ORCHESTRATOR_DATABASE_URL", nobody)
    start_anew()
    rehearse()
    assert "database is away" in caplog.text
