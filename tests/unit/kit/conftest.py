"""The demo company, and the same with what a real company has beside."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.sources.duckdb_file import open_read_only
from tests.unit.kit.companies import Company, with_edges


@pytest.fixture(scope="session")
def edged_file(company_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = with_edges(company_file, tmp_path_factory.mktemp("edges") / "edged.duckdb")
    with open_read_only(path):
        yield path


@pytest.fixture
def plain(company_file: Path) -> Company:
    """The company as it is built, whose amounts all have their counterparts."""
    return Company(company_file)


@pytest.fixture(params=["as built", "with edges"])
def company(request: pytest.FixtureRequest, plain: Company, edged_file: Path) -> Company:
    return Company(edged_file) if request.param == "with edges" else plain
