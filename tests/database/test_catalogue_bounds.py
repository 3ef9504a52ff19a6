"""What the web keeps of the names of a source has a bound, in time and in memory."""

import tracemalloc
from pathlib import Path

import duckdb
import pytest
import time_machine

from tasks.clock import utcnow
from tasks.sources import catalogue
from tasks.sources.catalogue import Names, names_of
from tests.support.factories import a_source

TABLES, COLUMNS = 2_500, 20


def a_company(path: Path, *, tables: int = 1, columns: int = 1) -> None:
    listed = ", ".join(f'"Column{number}" DECIMAL(21, 6)' for number in range(columns))
    with duckdb.connect(path) as connection:
        connection.execute("CREATE SCHEMA SBODEMOTR")
        connection.begin()
        for number in range(tables):
            connection.execute(f'CREATE TABLE SBODEMOTR."T{number:04}" ({listed})')
        connection.commit()


def test_a_whole_company_is_told_within_seconds_and_a_few_megabytes(
    sqlite_database: str, home: Path
) -> None:
    a_company(home / "demo.duckdb", tables=TABLES, columns=COLUMNS)
    a_source()
    names_of("demo")
    catalogue.forget()
    tracemalloc.start()
    names = names_of("demo")
    kept, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(names.tables) == TABLES
    assert sum(map(len, names.tables.values())) == TABLES * COLUMNS
    assert kept < 12_000_000


def test_what_goes_beyond_the_bound_is_left_out_and_told(
    sqlite_database: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "MOST_COLUMNS", 3)
    a_company(home / "demo.duckdb", tables=2, columns=2)
    a_source()
    names = names_of("demo")
    assert [len(columns) for columns in names.tables.values()] == [2, 1]
    assert not names.complete
    assert names.for_the_guard() is None


def test_names_are_asked_for_anew_after_minutes_and_after_a_change(
    sqlite_database: str, home: Path
) -> None:
    a_company(home / "demo.duckdb")
    a_source()
    before = names_of("demo")
    with duckdb.connect(home / "demo.duckdb") as connection:
        connection.execute('CREATE TABLE SBODEMOTR."NEW" ("A" INT)')
    assert names_of("demo") is before
    with time_machine.travel(utcnow() + catalogue.KEPT):
        assert "NEW" in names_of("demo").tables


def test_of_many_sources_the_oldest_is_forgotten(sqlite_database: str, home: Path) -> None:
    a_company(home / "demo.duckdb")
    found: list[Names] = []
    for number in range(catalogue.MOST_KEPT + 1):
        a_source(slug=f"s{number}")
        found.append(names_of(f"s{number}"))
    assert names_of("s1") is found[1]
    assert names_of("s0") is not found[0]
