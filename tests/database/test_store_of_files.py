"""Finished files lie in the store that the installation names, as they were made, or nowhere."""

import hashlib
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel
from sqlalchemy import select

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.doctor import _store
from tasks.errors import ErrorKind, JobError, NotFound
from tasks.jobs.context import JobContext, JobResult, ReportFile
from tasks.jobs.registry import find_job, job
from tasks.keeping import remote
from tasks.keeping.errors import StoreAway
from tasks.keeping.stores import as_path, content_of, opened
from tasks.models import (
    Artifact,
    ArtifactStore,
    Delivery,
    DeliveryState,
    Run,
    RunState,
    TaskDefinition,
)
from tasks.retention import delete_artifacts, delete_runs
from tasks.runs.files import attempt_folder
from tasks.runs.leftovers import delete_stray_folders, delete_stray_in_store
from tasks.runs.perform import perform
from tasks.settings import settings
from tests.support.delivering import a_waiting, sent
from tests.support.factories import a_run, a_task
from tests.support.jobs import a_context
from tests.support.mail import smtp_server
from tests.support.store import Store, store_server

CONTENT = os.urandom(1_000) * 20_000
"""Of 20 megabytes, so that it goes in parts."""
NOW_OR_LATER = timedelta(minutes=5)


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


def test_a_finished_file_is_brought_to_the_store_and_leaves_the_home(store: Store) -> None:
    run = performed()
    file = the_file()
    assert (run.state, file.store) == (RunState.SUCCEEDED, ArtifactStore.REMOTE)
    assert store.names() == [f"files/0000/{run.id}/1/Satış ığüş.csv"]
    assert store.content(store.names()[0]) == CONTENT
    assert file.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert not attempt_folder(run.id, 1).exists()


def test_it_is_read_from_there_whole_by_parts_and_as_a_file_of_this_machine(store: Store) -> None:
    performed()
    assert content_of(the_file()) == CONTENT
    with opened(the_file()) as file:
        assert file.read(10) == CONTENT[:10]
    with as_path(the_file()) as path:
        assert path.read_bytes() == CONTENT
    assert not path.exists()


def test_a_store_that_goes_away_while_a_file_is_read_is_away(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    performed()
    with opened(the_file()) as file:
        assert file.read(10) == CONTENT[:10]
        store.delete(store.names()[0])
        with pytest.raises(StoreAway):
            file.read()


def test_a_mail_brings_the_file_from_there(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run = performed(size=1_000)
    with smtp_server() as (url, mailbox):
        monkeypatch.setenv("ORCHESTRATOR_SMTP_URL", url)
        monkeypatch.setenv("ORCHESTRATOR_ARTIFACTS_ENDPOINT", "http://127.0.0.1:1")
        settings.cache_clear()
        waits = sent(a_waiting(run, target={"attach": "files"}))
        assert (waits.state, mailbox.letters) == (DeliveryState.QUEUED, [])
        assert "does not answer as it should" in (waits.error or "")
        store.use(monkeypatch)
        with transaction() as session:
            session.get_one(Delivery, waits.id).lease_until = utcnow() + NOW_OR_LATER
        assert sent(waits.id).state is DeliveryState.DELIVERED
        [attached] = mailbox.letters[0].iter_attachments()
        assert attached.get_payload(decode=True) == CONTENT[:1_000]


def test_a_file_that_is_gone_from_the_store_is_not_found(store: Store) -> None:
    performed()
    store.delete(store.names()[0])
    with pytest.raises(NotFound, match="no longer there"):
        content_of(the_file())


def test_while_the_store_is_away_the_attempt_fails_for_now(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_ARTIFACTS_ENDPOINT", "http://127.0.0.1:1")
    settings.cache_clear()
    run = performed()
    assert (run.state, run.reason_code) == (RunState.QUEUED, "retry")
    assert run.error_kind is ErrorKind.NO_SPACE
    assert run.error is not None
    assert run.error.startswith("The store of files does not answer as it should")
    assert not attempt_folder(run.id, 1).exists()


def test_a_bucket_that_refuses_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATOR_ARTIFACTS_URL", "s3://nobodys-bucket/files")
    settings.cache_clear()
    assert performed().error_kind is ErrorKind.NO_SPACE


def test_a_store_that_keeps_something_else_is_found_out(
    store: Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home / "file"
    path.write_bytes(b"as it was")
    with pytest.raises(StoreAway, match="otherwise than it was sent"):
        remote.put(path, "0000/1/1/file", sha256=hashlib.sha256(b"as it was not").hexdigest())


@pytest.mark.parametrize("ending", ["badly", "fenced"])
def test_an_attempt_that_did_not_succeed_leaves_nothing_there(store: Store, ending: str) -> None:
    performed(ending)
    assert store.names() == []


def test_what_an_attempt_left_that_died_the_clean_up_deletes(store: Store) -> None:
    run = performed()
    store.replace("files/0000/987/1/left.csv", b"left")
    store.replace("files/somebody-elses.txt", b"not ours")
    assert sum(delete_stray_in_store(before=utcnow() - timedelta(days=1))) == 0
    assert sum(delete_stray_in_store(before=utcnow() + NOW_OR_LATER)) == 1
    assert store.names() == [
        f"files/0000/{run.id}/1/Satış ığüş.csv",
        "files/somebody-elses.txt",
    ]


def test_a_copy_that_stayed_at_home_is_deleted_since_the_store_has_the_file(store: Store) -> None:
    run = performed()
    folder = attempt_folder(run.id, 1)
    folder.mkdir(parents=True)
    (folder / "copy.csv").write_bytes(b"copy")
    assert sum(delete_stray_folders(before=utcnow() + NOW_OR_LATER)) == 1
    assert content_of(the_file()) == CONTENT


def test_files_whose_time_is_over_go_there_too(store: Store) -> None:
    run = performed()
    assert sum(delete_artifacts(run.task_definition_id, before=utcnow() + NOW_OR_LATER)) == 1
    assert store.names() == []


def test_a_clean_up_makes_room_at_home_while_the_store_is_away(
    store: Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = a_task("afar", job="makes_a_large_file", artifact_retention_days=1)
    of_store = performed(task=task)
    monkeypatch.delenv("ORCHESTRATOR_ARTIFACTS_URL")
    settings.cache_clear()
    near = a_task("near", job="makes_a_large_file", artifact_retention_days=1)
    of_home = performed(task=near)
    with transaction() as session:
        for run_id in (of_store.id, of_home.id):
            session.get_one(Run, run_id).finished_at = utcnow() - timedelta(days=2)
    store.use(monkeypatch)
    monkeypatch.setenv("ORCHESTRATOR_ARTIFACTS_ENDPOINT", "http://127.0.0.1:1")
    settings.cache_clear()
    with pytest.raises(StoreAway):
        find_job("log_cleanup").perform(a_context(home / "folder"))
    assert the_file().run_id == of_store.id
    assert not attempt_folder(of_home.id, 1).exists()
    store.use(monkeypatch)
    find_job("log_cleanup").perform(a_context(home / "folder"))
    assert store.names() == []


def test_a_copy_whose_reader_died_is_deleted(store: Store) -> None:
    performed()
    with as_path(the_file()) as path:
        assert sum(delete_stray_folders(before=utcnow() - NOW_OR_LATER)) == 0
        assert path.exists()
        assert sum(delete_stray_folders(before=utcnow() + NOW_OR_LATER)) == 1
        assert not path.exists()


@pytest.mark.parametrize(
    ("key", "stays"),
    [
        ("0000/1/1/[a]*.csv", {"0000/1/1/a1.csv", "0000/1/10/b.csv", "0000/10/1/c.csv"}),
        ("0000/1/1", {"0000/1/10/b.csv", "0000/10/1/c.csv"}),
        ("0000/1", {"0000/10/1/c.csv"}),
        ("0000/2", {"0000/1/1/[a]*.csv", "0000/1/1/a1.csv", "0000/1/10/b.csv", "0000/10/1/c.csv"}),
    ],
    ids=["a file", "an attempt", "a run", "nothing"],
)
def test_what_is_deleted_is_what_was_named(store: Store, key: str, stays: set[str]) -> None:
    for one in ("0000/1/1/[a]*.csv", "0000/1/1/a1.csv", "0000/1/10/b.csv", "0000/10/1/c.csv"):
        store.replace(f"files/{one}", b"x")
    remote.delete(key)
    assert set(store.names()) == {f"files/{one}" for one in stays}


def test_runs_go_with_their_files_there(store: Store) -> None:
    first = performed()
    with reading() as session:
        task = session.get_one(TaskDefinition, first.task_definition_id)
    last = performed(task=task)
    assert sum(delete_runs(task.id, before=utcnow() + NOW_OR_LATER)) == 1
    assert [key.split("/")[2] for key in store.names()] == [str(last.id)]


def test_a_file_of_the_home_is_read_as_before_where_a_store_is_named_later(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ORCHESTRATOR_ARTIFACTS_URL")
    settings.cache_clear()
    performed()
    store.use(monkeypatch)
    assert the_file().store is ArtifactStore.HOME
    assert content_of(the_file()) == CONTENT


def test_a_store_that_is_named_no_more_says_what_to_do(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    performed()
    monkeypatch.delenv("ORCHESTRATOR_ARTIFACTS_URL")
    settings.cache_clear()
    with pytest.raises(StoreAway, match="ORCHESTRATOR_ARTIFACTS_URL"):
        content_of(the_file())


def test_a_share_is_a_store_too(
    sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_ARTIFACTS_URL", f"file://{tmp_path}/share")
    settings.cache_clear()
    run = performed()
    assert content_of(the_file()) == CONTENT
    assert (tmp_path / "share/0000" / str(run.id) / "1/Satış ığüş.csv").is_file()
    sum(delete_artifacts(run.task_definition_id, before=utcnow() + NOW_OR_LATER))
    assert not (tmp_path / "share/0000" / str(run.id)).exists()


def test_the_doctor_looks_at_the_store(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [(one.check, one.ok) for one in _store()] == [("store of files", True)]
    monkeypatch.setenv("ORCHESTRATOR_ARTIFACTS_ENDPOINT", "http://127.0.0.1:1")
    settings.cache_clear()
    [found] = _store()
    assert not found.ok
    assert "ORCHESTRATOR_ARTIFACTS_URL" in found.cure
    monkeypatch.delenv("ORCHESTRATOR_ARTIFACTS_URL")
    settings.cache_clear()
    assert list(_store()) == []
