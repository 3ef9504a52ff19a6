"""The demo company: a furniture maker in Türkiye with Business One's own tables, built by SQL."""

import secrets
from datetime import date
from pathlib import Path

import duckdb

from tasks.demo import plan
from tasks.errors import JobError
from tasks.sources.duckdb_file import open_read_only

GENERATOR = 3
"""Rises whenever the same seed and day would give other rows, so that old files are rebuilt."""

SCHEMA = "SBODEMOTR"


def build(path: Path, *, seed: int = 1, until: date, size: int = 1) -> None:
    """Build the two years up to `until` beside `path`, then put the file in place in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.stem}-{secrets.token_hex(4)}.building")
    try:
        _write(unfinished, seed=seed, until=until, size=size)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
        unfinished.with_name(f"{unfinished.name}.wal").unlink(missing_ok=True)


def is_current(path: Path, *, seed: int = 1, until: date, size: int = 1) -> bool:
    """Say whether the file holds this very company, made by this version of the generator."""
    if not path.exists():
        return False
    try:
        with open_read_only(path) as connection:
            found = connection.execute("FROM demo_company").fetchone()
    except (duckdb.Error, JobError):
        return False
    return found == (GENERATOR, seed, until, size)


def _write(path: Path, *, seed: int, until: date, size: int) -> None:
    with duckdb.connect(path, config={"threads": 2, "memory_limit": "2GB"}) as connection:
        connection.execute(f'CREATE SCHEMA "{SCHEMA}"')
        connection.execute(plan.functions())
        connection.execute(
            "CREATE TABLE demo_company AS SELECT ?::INT AS generator, ?::INT AS seed,"
            " ?::DATE AS until, ?::INT AS size",
            [GENERATOR, seed, until, size],
        )
        connection.execute(f'USE "{SCHEMA}"')
        for statements in plan.steps(seed=seed, until=until, size=size):
            connection.execute(statements)
        connection.execute("CHECKPOINT")
