"""The demo company, and the same with what a real company has beside."""

from pathlib import Path

import pytest

from tests.unit.demo.conftest import built_in
from tests.unit.kit.companies import Company, with_edges


@pytest.fixture(scope="session")
def edged_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    plain = built_in(tmp_path_factory.getbasetemp())
    return with_edges(plain, tmp_path_factory.mktemp("edges") / "edged.duckdb")


@pytest.fixture
def plain(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """The company as it is built, whose amounts all have their counterparts."""
    return Company(built_in(tmp_path_factory.getbasetemp()))


@pytest.fixture(params=["as built", "with edges"])
def company(request: pytest.FixtureRequest, plain: Company, edged_file: Path) -> Company:
    return Company(edged_file) if request.param == "with edges" else plain
