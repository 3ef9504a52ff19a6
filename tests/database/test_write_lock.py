"""SQLite's write lock: waited for in small steps, and told as the database's trouble."""

import sqlite3
from pathlib import Path
from threading import Timer

import pytest
from sqlalchemy.exc import OperationalError

from tasks import db
from tests.support.factories import a_task


def locked(home: Path) -> sqlite3.Connection:
    """Another process's transaction, as far as SQLite knows."""
    other = sqlite3.connect(
        home / "orchestrator.sqlite", isolation_level=None, check_same_thread=False
    )
    other.execute("BEGIN IMMEDIATE")
    return other


def test_a_writer_begins_once_the_one_before_has_ended(home: Path, sqlite_database: str) -> None:
    other = locked(home)
    Timer(0.2, other.rollback).start()
    assert a_task().id == 1


def test_a_lock_that_is_never_given_back_is_the_databases_trouble(
    home: Path, sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "LOCK_SECONDS", 0)
    other = locked(home)
    with pytest.raises(OperationalError, match="locked"):
        a_task()
    other.rollback()
    assert a_task().id == 1
