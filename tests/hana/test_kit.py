"""The kit's reports through HANA's own client: the same columns and rows as from the file."""

from pathlib import Path

import pytest

from tasks.kit.report import KitReport, kit
from tasks.reports.render import Language
from tasks.sources.duckdb import DuckDBSource
from tests.hana.test_source import a_source
from tests.support.hana import Hana
from tests.unit.demo.conftest import built_in
from tests.unit.kit.companies import answered


@pytest.fixture(scope="module")
def company_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_in(tmp_path_factory.getbasetemp())


@pytest.mark.parametrize(
    "one", [*kit(Language.ENGLISH), *kit(Language.TURKISH)], ids=lambda one: one.title
)
def test_a_report_brings_the_same_through_hana(
    hana: Hana, company_file: Path, one: KitReport
) -> None:
    columns, rows = answered(a_source(hana), one, {})
    wanted_columns, wanted = answered(DuckDBSource(company_file), one, {})
    assert columns == wanted_columns
    assert rows == wanted
    assert [[repr(value) for value in row] for row in rows] == (
        [[repr(value) for value in row] for row in wanted]
    )
