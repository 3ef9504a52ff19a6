"""Parquet: types from the columns, wider where a value asks it, and nothing lost on the way."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tasks.reports.render import Format, Layout, Section, open_renderer, open_sections
from tasks.reports.render.parquet import GROUP
from tasks.rows import Column, ColumnKind, Row
from tests.unit.render.readers import duckdb_rows, parquet_rows

LAYOUT = Layout("Satış")
NUMBER, AMOUNT = Column("N", ColumnKind.INTEGER), Column("Amount", ColumnKind.DECIMAL, 2)
MANY = 2_000
UNSCALED = Column("Ratio", ColumnKind.DECIMAL)


def a_parquet(folder: Path, columns: Sequence[Column], *batches: Sequence[Row]) -> Path:
    path = folder / "report.parquet"
    with open_renderer(Format.PARQUET, path, columns, LAYOUT) as renderer:
        for batch in batches:
            renderer.write(batch)
    return path


def types_of(path: Path) -> list[str]:
    return [str(kind) for kind in pq.read_schema(path).types]


def test_the_columns_say_the_types(tmp_path: Path) -> None:
    columns = [Column(kind.value, kind, 4 if kind is ColumnKind.DECIMAL else None)
               for kind in ColumnKind]  # fmt: skip
    assert types_of(a_parquet(tmp_path, columns)) == [
        "string", "int64", "decimal128(38, 4)", "double", "date32[day]", "timestamp[us]",
        "time64[us]", "bool",
    ]  # fmt: skip


def test_groups_hold_a_hundred_thousand_rows_whatever_the_batches_are(tmp_path: Path) -> None:
    rows: list[Row] = [(n,) for n in range(5_000)]
    path = a_parquet(tmp_path, [NUMBER], *[rows] * 45)
    told = pq.ParquetFile(path).metadata
    assert [told.row_group(n).num_rows for n in range(told.num_row_groups)] == [
        GROUP, GROUP, 25_000,
    ]  # fmt: skip
    assert told.row_group(0).column(0).compression == "ZSTD"
    assert told.metadata[b"title"] == "Satış".encode()


@pytest.mark.parametrize(
    ("column", "first", "late", "kind"),
    [
        (NUMBER, 7, 2**63, "decimal128(38, 0)"),
        (NUMBER, 7, 10**40, "string"),
        (NUMBER, 7, "seven", "string"),
        (AMOUNT, Decimal("1.50"), Decimal("0.123456"), "decimal128(38, 10)"),
        (AMOUNT, Decimal("1.50"), Decimal("NaN"), "string"),
        (AMOUNT, Decimal("1234567890123456789012345678901234.50"), Decimal("1E-20"), "string"),
        (UNSCALED, Decimal(1), Decimal("0.3333333333333333333333333333333333"),
         "decimal128(38, 34)"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_makes_its_column_wider_and_loses_nothing(
    tmp_path: Path, column: Column, first: object, late: object, kind: str
) -> None:
    rows: list[Row] = [(n, first) for n in range(MANY)]
    path = a_parquet(
        tmp_path, [Column("Id", ColumnKind.INTEGER), column], rows, rows[:10], [(-1, late)]
    )
    assert types_of(path) == ["int64", kind]
    read = parquet_rows(path)
    assert [row[0] for row in read] == [*range(MANY), *range(10), -1]
    assert {type(row[1]) for row in read} == {str if kind == "string" else Decimal}
    assert {Decimal(str(row[1])) for row in read[:-1]} == {Decimal(str(first))}
    last = read[-1][1]
    assert last == str(late) or last == late or Decimal(str(last)) == late
    assert len(duckdb_rows(path)) == MANY + 11
    assert list(tmp_path.iterdir()) == [path]


def test_two_columns_of_one_name_are_told_apart(tmp_path: Path) -> None:
    path = a_parquet(tmp_path, [NUMBER, NUMBER, Column("N (2)", ColumnKind.TEXT)], [(1, 2, "x")])
    assert pq.read_schema(path).names == ["N", "N (2)", "N (2) (2)"]


def test_sections_are_one_table_with_a_column_that_names_them(tmp_path: Path) -> None:
    path = tmp_path / "report.parquet"
    section = Section("TR", "Company")
    with open_sections(Format.PARQUET, path, section, [AMOUNT], LAYOUT) as renderer:
        renderer.write([(Decimal("1.50"),)])
        renderer.next_section(Section("DE", "Company"), [AMOUNT])
        renderer.write([(None,)])
    assert pq.read_table(path).to_pylist() == [
        {"Company": "TR", "Amount": Decimal("1.50")},
        {"Company": "DE", "Amount": None},
    ]


def test_an_empty_result_has_its_columns(tmp_path: Path) -> None:
    table = pq.read_table(a_parquet(tmp_path, [NUMBER, AMOUNT]))
    assert (table.num_rows, table.schema.types) == (0, [pa.int64(), pa.decimal128(38, 2)])
