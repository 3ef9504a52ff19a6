"""The demo company as a source."""

from pathlib import Path

import pytest

from tasks.sources.duckdb import DuckDBSource


@pytest.fixture
def source(company_file: Path) -> DuckDBSource:
    return DuckDBSource(company_file)
