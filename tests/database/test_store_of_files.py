"""Finished files lie in the store that the installation names, as they were made, or nowhere."""

import errno
import hashlib
import os
from datetime import timedelta
from pathlib import Path

import pytest

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.doctor import _store
from tasks.errors import ErrorKind, NotFound
from tasks.keeping import remote
from tasks.keeping.errors import StoreAway
from tasks.keeping.stores import as_path, content_of, opened
from tasks.models import (
    ArtifactStore,
    Delivery,
    DeliveryState,
    RunState,
)
from tasks.retention import delete_artifacts
from tasks.runs.files import attempt_folder
from tasks.settings import settings
from tests.support.delivering import a_waiting, sent
from tests.support.mail import smtp_server
from tests.support.store import Store
from tests.support.stored import CONTENT, performed, server, store, the_file

__all__ = ["server", "store"]
"""Fixtures of these tests."""

NOW_OR_LATER = timedelta(minutes=5)


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


def test_a_share_has_written_file_and_folders_down_before_the_run_has_ended(
    sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_ARTIFACTS_URL", f"file://{tmp_path}/share")
    settings.cache_clear()
    flushed: list[Path] = []
    fsync = os.fsync

    def noted(opened: int) -> None:
        flushed.append(Path(f"/proc/self/fd/{opened}").readlink())
        fsync(opened)

    monkeypatch.setattr(os, "fsync", noted)
    run = performed(size=1_000)
    file = tmp_path / "share/0000" / str(run.id) / "1/Satış ığüş.csv"
    assert run.state is RunState.SUCCEEDED
    assert [one for one in flushed if one.is_relative_to(tmp_path / "share")] == [
        file,
        *list(file.parents)[:4],
    ]


def test_a_share_that_cannot_write_down_is_away(
    sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_ARTIFACTS_URL", f"file://{tmp_path}/share")
    settings.cache_clear()

    def broken(opened: int) -> None:
        if Path(f"/proc/self/fd/{opened}").readlink().is_relative_to(tmp_path / "share"):
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    run = performed(size=1_000)
    assert (run.state, run.reason_code) == (RunState.QUEUED, "retry")
    assert "Input/output error" in (run.error or "")
