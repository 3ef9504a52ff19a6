"""The kit's reports through HANA's own client: the same columns and rows as from the file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.kit.report import KitReport, kit
from tasks.reports.render import Language
from tasks.sources.duckdb import DuckDBSource
from tests.hana.test_source import a_source
from tests.support.hana import Hana
from tests.unit.demo.conftest import built_in
from tests.unit.kit.companies import answered, with_edges


@pytest.fixture(scope="module")
def company_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_in(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def edged_file(company_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company with NULLs, more decimals and whatever else a real one has."""
    return with_edges(company_file, tmp_path_factory.mktemp("edges") / "edged.duckdb")


@pytest.fixture(scope="module")
def edged_hana(edged_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hana]:
    server = Hana(edged_file, folder=tmp_path_factory.mktemp("server"))
    yield server
    server.stop()


def check_same(hana: Hana, path: Path, one: KitReport) -> None:
    """The same columns, and the same values with the same zeros at the end of each decimal."""
    columns, rows = answered(a_source(hana), one, {})
    wanted_columns, wanted = answered(DuckDBSource(path), one, {})
    assert columns == wanted_columns
    assert rows
    assert [[repr(value) for value in row] for row in rows] == (
        [[repr(value) for value in row] for row in wanted]
    )


@pytest.mark.parametrize(
    "one", [*kit(Language.ENGLISH), *kit(Language.TURKISH)], ids=lambda one: one.title
)
def test_a_report_brings_the_same_through_hana(
    hana: Hana, company_file: Path, one: KitReport
) -> None:
    check_same(hana, company_file, one)


@pytest.mark.parametrize("one", kit(), ids=lambda one: one.slug)
def test_a_real_company_reads_the_same_through_hana(
    edged_hana: Hana, edged_file: Path, one: KitReport
) -> None:
    check_same(edged_hana, edged_file, one)
