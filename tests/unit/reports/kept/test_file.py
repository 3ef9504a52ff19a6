"""The file of kept rows: what was written comes back, and an abandoned one leaves nothing."""

import resource
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tasks.errors import JobError
from tasks.reports.kept.file import head_of, texts_in
from tasks.reports.kept.texts import value_of
from tasks.reports.kept.writing import RowKeeper
from tasks.reports.limits import Limits
from tasks.reports.render.section import Section
from tasks.rows import Column, ColumnKind, Row

COLUMNS = (
    Column("No", ColumnKind.INTEGER),
    Column("Ad", ColumnKind.TEXT),
    Column("Tutar", ColumnKind.DECIMAL, 2),
    Column("Vade", ColumnKind.DATE),
)
ROWS: list[Row] = [
    [1, "Ayşe", Decimal("1.50"), date(2026, 1, 2)],
    [None, "", None, None],
    [Decimal("1.5"), "\0x", "kein", b"\xff"],
]
ENOUGH = Limits(1_000_000, 100)


def rows_in(path: Path) -> list[Row]:
    """Return the rows as they were written."""
    kinds, rows = [column.kind for column in head_of(path).columns], list[Row]()
    for texts in texts_in(path, range(len(kinds))):
        values = [
            [value_of(kind, one) for one in each] for kind, each in zip(kinds, texts, strict=True)
        ]
        rows += map(list, zip(*values, strict=True))
    return rows


def test_rows_come_back_as_they_were(tmp_path: Path) -> None:
    keeper = RowKeeper(tmp_path / "rows.parquet", ENOUGH)
    keeper.begin(COLUMNS)
    keeper.write(ROWS[:1])
    keeper.write(ROWS[1:])
    digest = keeper.close()
    assert len(digest) == 64
    assert rows_in(tmp_path / "rows.parquet") == ROWS
    head = head_of(tmp_path / "rows.parquet")
    assert (head.columns, head.sections, head.rows) == (COLUMNS, False, 3)


def test_no_rows_make_an_empty_file(tmp_path: Path) -> None:
    keeper = RowKeeper(tmp_path / "rows.parquet", ENOUGH)
    keeper.begin(COLUMNS)
    keeper.close()
    assert rows_in(tmp_path / "rows.parquet") == []


def test_the_rows_of_a_company_stand_behind_its_name(tmp_path: Path) -> None:
    keeper = RowKeeper(tmp_path / "rows.parquet", ENOUGH)
    for name in ("Ege", "Marmara"):
        keeper.begin(COLUMNS[:1], Section(name, "Company"))
        keeper.write([[1], [2]])
    keeper.close()
    assert rows_in(tmp_path / "rows.parquet") == [
        ["Ege", 1],
        ["Ege", 2],
        ["Marmara", 1],
        ["Marmara", 2],
    ]
    assert head_of(tmp_path / "rows.parquet").names == ["Company", "No"]


def test_companies_with_other_columns_cannot_be_kept_together(tmp_path: Path) -> None:
    keeper = RowKeeper(tmp_path / "rows.parquet", ENOUGH)
    keeper.begin(COLUMNS[:1], Section("Ege", "Company"))
    with pytest.raises(JobError, match="Marmara has other columns"):
        keeper.begin(COLUMNS, Section("Marmara", "Company"))


def test_an_abandoned_file_is_gone(tmp_path: Path) -> None:
    keeper = RowKeeper(tmp_path / "rows.parquet", ENOUGH)
    keeper.begin(COLUMNS)
    keeper.write(ROWS)
    keeper.abandon()
    assert list(tmp_path.iterdir()) == []


def test_more_rows_than_allowed_are_refused(tmp_path: Path) -> None:
    keeper = RowKeeper(tmp_path / "rows.parquet", Limits(2, 100))
    keeper.begin(COLUMNS)
    with pytest.raises(JobError, match="more than 2 rows"):
        keeper.write(ROWS)


def test_a_digest_alone_writes_no_file(tmp_path: Path) -> None:
    keeper = RowKeeper(None, ENOUGH)
    keeper.begin(COLUMNS)
    keeper.write(ROWS)
    assert len(keeper.close()) == 64


def test_a_disk_that_takes_no_more_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    keeper = RowKeeper(path, ENOUGH)
    keeper.begin(COLUMNS)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            keeper.write([[1, "Ayşe", None, None]] * 30_000)
        keeper.abandon()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not path.exists()
