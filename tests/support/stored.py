"""Runs whose large file is brought to a store, and the store."""

import os
from collections.abc import Iterator

import pytest
from pydantic import BaseModel
from sqlalchemy import select

from tasks.db import reading, transaction
from tasks.errors import ErrorKind, JobError
from tasks.jobs.context import JobContext, JobResult, ReportFile
from tasks.jobs.registry import job
from tasks.keeping import remote
from tasks.models import Artifact, Run, TaskDefinition
from tasks.runs.perform import perform
from tests.support.factories import a_run, a_task
from tests.support.store import Store, store_server

CONTENT = os.urandom(1_000) * 20_000
"""Of 20 megabytes, so that it goes in parts."""


class Ending(BaseModel):
    """How the job ends."""

    ending: str = "well"
    bytes: int = len(CONTENT)


@job("makes_a_large_file")
def makes_a_large_file(context: JobContext, *, wanted: Ending) -> JobResult:
    """Write a file, then end as it was told to."""
    path = context.folder / "Satış ığüş.csv"
    path.write_bytes(CONTENT[: wanted.bytes])
    if wanted.ending == "badly":
        raise JobError("It cannot be done.", kind=ErrorKind.JOB)
    if wanted.ending == "fenced":
        with transaction() as session:
            session.get_one(Run, context.run_id).attempt += 1
    return JobResult(files=(ReportFile(path, "text/csv", rows=7),))


@pytest.fixture(scope="module")
def server() -> Iterator[Store]:
    with store_server() as store:
        yield store


@pytest.fixture
def store(server: Store, sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store that is empty, and named by the settings."""
    for key in server.names():
        server.delete(key)
    server.use(monkeypatch)
    yield server
    remote._connected.cache_clear()


def performed(
    ending: str = "well", task: TaskDefinition | None = None, size: int = len(CONTENT)
) -> Run:
    task = task or a_task(job="makes_a_large_file", max_attempts=2)
    with transaction() as session:
        session.get_one(TaskDefinition, task.id).settings = {"ending": ending, "bytes": size}
    run = a_run(task)
    perform(run.id, worker="worker-1")
    with reading() as session:
        return session.get_one(Run, run.id)


def the_file() -> Artifact:
    with reading() as session:
        return session.scalars(select(Artifact)).one()
