"""The rows of a company as they are, and the answers of the kit's reports about them."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from tasks.demo.company import SCHEMA
from tasks.kit.report import KitReport, kit
from tasks.reports import binding, parameters
from tasks.reports.render import Language
from tasks.rows import Column
from tasks.sources.base import Source
from tasks.sources.duckdb import DuckDBSource
from tasks.sources.duckdb_file import open_read_only
from tests.unit.demo.conftest import UNTIL

EDGES = Path(__file__).with_name("edges.sql")

READ = {
    table: columns
    for table, *columns in map(
        str.split, Path(__file__).with_name("read.txt").read_text(encoding="utf-8").splitlines()
    )
}
"""The columns that the tests look at; every value that is not read is time saved."""

Answered = list[dict[str, Any]]


@dataclass(frozen=True)
class Company:
    """A file of DuckDB with Business One's tables."""

    path: Path

    def rows(self, table: str) -> Answered:
        """Every row of a table, with its columns in READ; read once."""
        return _rows(self.path, table)

    def by(self, key: str, table: str) -> dict[Any, dict[str, Any]]:
        """The rows of a table by a column that is unique."""
        return {row[key]: row for row in self.rows(table)}

    def lines(self, header: str, line: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """The lines of documents, with their headers, but for what was cancelled or cancels."""
        kept = {row["DocEntry"]: row for row in self.rows(header) if row["CANCELED"] == "N"}
        return [(kept[row["DocEntry"]], row) for row in self.rows(line) if row["DocEntry"] in kept]

    def answer(self, slug: str, **given: object) -> Answered:
        """What a report says, with the defaults for what is not given."""
        columns, rows = answered(DuckDBSource(self.path), report(slug), given)
        names = [column.name for column in columns]
        return [dict(zip(names, row, strict=True)) for row in rows]


def report(slug: str, language: Language = Language.ENGLISH) -> KitReport:
    return next(one for one in kit(language) if one.slug == slug)


def bound(report: KitReport, given: Mapping[str, object]) -> tuple[str, tuple[object, ...]]:
    """The report's SQL and values as a run on the demo company's last day has them."""
    definitions = parameters.definitions_of(report.parameters)
    values = parameters.resolve(definitions, parameters.accept(definitions, given), meant=UNTIL)
    return binding.bind(report.sql, values)


def answered(
    source: Source, report: KitReport, given: Mapping[str, object]
) -> tuple[tuple[Column, ...], list[tuple[object, ...]]]:
    """The columns and rows that a source gives for a report."""
    with source.query(*bound(report, given)) as result:
        return result.columns, [tuple(row) for batch in result.batches() for row in batch]


def with_edges(plain: Path, path: Path) -> Path:
    """Copy a company and give the copy what edges.sql tells."""
    shutil.copy(plain, path)
    with duckdb.connect(path) as connection:
        connection.execute(f'USE "{SCHEMA}"')
        connection.execute(EDGES.read_text(encoding="utf-8"))
    return path


def rounded(amount: Decimal, places: int = 2) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def days(earlier: date, later: date) -> int:
    return (later - earlier).days


@cache
def _rows(path: Path, table: str) -> Answered:
    with open_read_only(path) as connection:
        wanted = ", ".join(f'"{column}"' for column in READ[table])
        found = connection.execute(f'SELECT {wanted} FROM "{SCHEMA}"."{table}"').fetchall()
    return [dict(zip(READ[table], row, strict=True)) for row in found]
