"""One demo company for all tests that read it."""

import fcntl
import os
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from tasks.demo import company
from tasks.sources.duckdb import DuckDBSource

UNTIL = date(2026, 11, 20)


@cache
def built_in(folder: Path) -> Path:
    """Build the company once for all workers of the session, whoever asks first."""
    shared = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    path = shared / "company" / "demo.duckdb"
    with (shared / "company.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            company.build(path, until=UNTIL)
    return path


@pytest.fixture
def source(company_file: Path) -> DuckDBSource:
    return DuckDBSource(company_file)
