"""What every report of the kit promises, in both languages."""

from pathlib import Path

import pytest

from tasks.demo.company import SCHEMA
from tasks.kit.report import FOLDER, Area, KitReport, kit
from tasks.kit.wording import reworded
from tasks.reports import binding
from tasks.reports.guard import check
from tasks.reports.relative_dates import is_relative
from tasks.reports.render import Language
from tasks.rows import ColumnKind
from tasks.sources.duckdb import DuckDBSource
from tasks.sources.duckdb_file import open_read_only
from tests.unit.kit.companies import answered, bound, report

PAIRS = list(zip(kit(Language.ENGLISH), kit(Language.TURKISH), strict=True))
each_report = pytest.mark.parametrize("one", kit(), ids=lambda one: one.slug)
in_each_language = pytest.mark.parametrize(
    "one", [*kit(Language.ENGLISH), *kit(Language.TURKISH)], ids=lambda one: one.title
)
in_both_languages = pytest.mark.parametrize(
    ("english", "turkish"), PAIRS, ids=[english.slug for english, _ in PAIRS]
)


@pytest.fixture(scope="module")
def catalogue(company_file: Path) -> dict[str, frozenset[str]]:
    """The tables of the demo company as they are, with their columns."""
    with open_read_only(company_file) as connection:
        found = connection.execute(
            "SELECT table_name, list(column_name) FROM duckdb_columns()"
            " WHERE schema_name = ? GROUP BY table_name",
            [SCHEMA],
        ).fetchall()
    return {table: frozenset(columns) for table, columns in found}


def test_the_kit_has_a_report_for_everybody() -> None:
    assert len(kit()) >= 14
    assert {one.area for one in kit()} == set(Area)


def test_each_report_is_two_files_of_one_name() -> None:
    names = {
        suffix: {path.stem for path in FOLDER.glob(f"*{suffix}")} for suffix in (".sql", ".toml")
    }
    assert names[".sql"] == names[".toml"] == {path.stem for path in FOLDER.iterdir()}


@in_each_language
def test_the_guard_accepts_it_by_the_names_of_the_company(
    one: KitReport, catalogue: dict[str, frozenset[str]]
) -> None:
    defined = [str(parameter["name"]) for parameter in one.parameters]
    verdict = check(one.sql, parameters=defined, catalogue=catalogue)
    assert verdict.problems == ()
    assert sorted(verdict.parameters) == sorted(defined)


@in_each_language
def test_its_columns_are_called_as_it_says(one: KitReport, company_file: Path) -> None:
    columns, rows = answered(DuckDBSource(company_file), one, {})
    assert tuple(column.name for column in columns) == one.columns
    assert len(set(one.columns)) == len(one.columns)
    assert len(rows) > 5


@each_report
def test_every_amount_has_a_fixed_number_of_decimals(one: KitReport, company_file: Path) -> None:
    columns, _ = answered(DuckDBSource(company_file), one, {})
    scales = {column.scale for column in columns if column.kind is ColumnKind.DECIMAL}
    assert scales <= {1, 2, 4}
    assert ColumnKind.FLOAT not in {column.kind for column in columns}


@in_both_languages
def test_it_says_the_same_in_turkish(
    english: KitReport, turkish: KitReport, company_file: Path
) -> None:
    source = DuckDBSource(company_file)
    (columns, rows), (others, lines) = (answered(source, one, {}) for one in (english, turkish))
    assert [(one.kind, one.scale) for one in columns] == [(one.kind, one.scale) for one in others]
    differences = {
        (ours, theirs)
        for row, line in zip(rows, lines, strict=True)
        for ours, theirs in zip(row, line, strict=True)
        if ours != theirs
    }
    assert all(f"'{ours}'" in english.sql for ours, _ in differences)
    assert all(f"'{theirs}'" in turkish.sql for _, theirs in differences)


@in_both_languages
def test_nothing_of_it_is_left_in_english(english: KitReport, turkish: KitReport) -> None:
    assert turkish.title != english.title
    assert turkish.description != english.description
    for ours, theirs in zip(english.parameters, turkish.parameters, strict=True):
        assert ours["name"] == theirs["name"]
        assert ours["label"] != theirs["label"]
        assert (ours["help"] == theirs["help"]) == (ours["help"] == "")


@each_report
def test_a_choice_is_one_that_the_query_knows(one: KitReport) -> None:
    for language in Language:
        told = report(one.slug, language)
        for parameter in told.parameters:
            choices = parameter["choices"]
            assert isinstance(choices, list)
            if parameter["type"] == "choice":
                assert parameter["default"] in choices
                assert any(f"'{choice}'" in told.sql for choice in choices)


@each_report
def test_no_report_counts_drafts(one: KitReport) -> None:
    assert "ODRF" not in one.sql
    assert "DRF1" not in one.sql


@each_report
def test_dates_count_from_the_day_that_was_meant(one: KitReport) -> None:
    for parameter in one.parameters:
        if parameter["type"] == "date":
            assert is_relative(str(parameter["default"]))
    assert "CURRENT_DATE" not in one.sql.upper()
    assert "NOW()" not in one.sql.upper()


@each_report
def test_every_value_is_bound(one: KitReport) -> None:
    sql, values = bound(one, {})
    assert sql.count("?") == len(values) == len(binding.names_in(one.sql))


def test_a_column_of_a_table_keeps_its_name() -> None:
    sql = 'SELECT T0."City" AS "City", \'City\' FROM "OCRD" T0 ORDER BY "City" -- "City"'
    told = reworded(sql, names={"City": "Şehir"}, texts={"City": "Kent'te"})
    assert told == (
        'SELECT T0."City" AS "Şehir", \'Kent\'\'te\' FROM "OCRD" T0 ORDER BY "Şehir" -- "City"'
    )
