"""What is deleted from the store of files: what nobody needs any more, and nothing else."""

from datetime import timedelta
from pathlib import Path

import pytest

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.jobs.registry import find_job
from tasks.keeping import remote
from tasks.keeping.errors import StoreAway
from tasks.keeping.stores import as_path, content_of
from tasks.models import (
    Run,
    TaskDefinition,
)
from tasks.retention import delete_artifacts, delete_runs
from tasks.runs.files import attempt_folder
from tasks.runs.leftovers import delete_stray_folders, delete_stray_in_store
from tasks.settings import settings
from tests.support.factories import a_task
from tests.support.jobs import a_context
from tests.support.store import Store
from tests.support.stored import CONTENT, performed, server, store, the_file

__all__ = ["server", "store"]
"""Fixtures of these tests."""

NOW_OR_LATER = timedelta(minutes=5)


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
