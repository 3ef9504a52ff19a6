"""One demo company for all tests that read it."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from tasks.demo import company
from tasks.sources.duckdb import DuckDBSource

UNTIL = date(2026, 11, 20)


@cache
def built_in(folder: Path) -> Path:
    """Build the company once, whoever asks first."""
    path = folder / "company" / "demo.duckdb"
    company.build(path, until=UNTIL)
    return path


@pytest.fixture(scope="session")
def company_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_in(tmp_path_factory.getbasetemp())


@pytest.fixture
def source(company_file: Path) -> DuckDBSource:
    return DuckDBSource(company_file)
