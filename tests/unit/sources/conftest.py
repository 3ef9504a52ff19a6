"""The demo company as a source."""

from pathlib import Path

import pytest

from tasks.sources.duckdb import DuckDBSource
from tests.unit.demo.conftest import built_in


@pytest.fixture(scope="session")
def company_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_in(tmp_path_factory.getbasetemp())


@pytest.fixture
def source(company_file: Path) -> DuckDBSource:
    return DuckDBSource(company_file)
