"""Two files of kept rows, compared: what is new, gone and changed, told exactly."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tasks.errors import JobError
from tasks.reports.difference.comparing import Cell, Comparison, Kept, comparing, locked
from tasks.reports.kept.writing import RowKeeper
from tasks.reports.limits import Limits
from tasks.reports.render import Language
from tasks.reports.render.section import Section
from tasks.rows import Column, ColumnKind, Row

CODE, NAME = Column("Code", ColumnKind.INTEGER), Column("Name", ColumnKind.TEXT)
AMOUNT = Column("Amount", ColumnKind.DECIMAL, 2)
COLUMNS = (CODE, NAME, AMOUNT)


def kept(
    path: Path, rows: Sequence[Row], columns: Sequence[Column] = COLUMNS, company: str = ""
) -> Path:
    keeper = RowKeeper(path, Limits(1_000_000, 100))
    keeper.begin(columns, Section(company, "Company") if company else None)
    keeper.write(rows)
    keeper.close()
    return path


@contextmanager
def compared(
    folder: Path,
    before: Sequence[Row],
    after: Sequence[Row],
    keys: Sequence[str] = ("Code",),
    columns: Sequence[Column] = COLUMNS,
    columns_after: Sequence[Column] | None = None,
) -> Iterator[Comparison]:
    one = kept(folder / "it's before.parquet", before, columns)
    other = kept(folder / "after.parquet", after, columns_after or columns)
    with comparing(Kept(1, one), Kept(2, other), keys, folder=folder) as found:
        yield found


def test_new_gone_and_changed_rows_are_told_apart(tmp_path: Path) -> None:
    before = [[1, "a", Decimal("1.00")], [2, "b", Decimal("2.00")], [3, "c", None]]
    after = [[4, "d", Decimal("4.00")], [3, "c", None], [2, "B", Decimal("2.5")]]
    with compared(tmp_path, before, after) as found:
        told = found.difference
        assert (told.new, told.gone, told.changed) == (1, 1, 1)
        assert list(found.new(9)) == [[4, "d", Decimal("4.00")]]
        assert list(found.gone(9)) == [[1, "a", Decimal("1.00")]]
        assert list(found.changed(9)) == [
            Cell([2], "Name", "b", "B"),
            Cell([2], "Amount", Decimal(2), Decimal("2.5")),
        ]
        ((column, was, now),) = [(one.column, one.before, one.after) for one in told.totals]
        assert (column, was, now) == (AMOUNT, Decimal("3.00"), Decimal("6.5"))


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("", None, 1),
        (None, "", 1),
        (None, None, 0),
        ("-", None, 1),
        ("1:a", "1", 1),
        ("\0x", "x", 1),
        ("a\x1eb", "a\x1eb", 0),
    ],
)
def test_only_what_is_another_value_is_a_change(
    tmp_path: Path, before: str | None, after: str | None, changed: int
) -> None:
    with compared(tmp_path, [[1, before, None]], [[1, after, None]]) as found:
        assert found.difference.changed == changed


def test_another_scale_or_order_is_no_difference(tmp_path: Path) -> None:
    before: list[Row] = [[1, "a", Decimal("1.0")], [2, "b", Decimal(2)]]
    after: list[Row] = [[2, "b", Decimal("2.00")], [Decimal("1.0"), "a", 1]]
    with compared(tmp_path, before, after) as found:
        assert found.difference.is_none
        assert found.difference.summary(Language.ENGLISH) == "Nothing is different from run 1."


def test_rows_with_one_key_are_compared_in_their_order_and_that_is_told(tmp_path: Path) -> None:
    before: list[Row] = [[1, "a", None], [1, "b", None], [None, "x", None], [None, "x", None]]
    after: list[Row] = [[1, "a", None], [1, "c", None], [1, "d", None], [None, "x", None]]
    with compared(tmp_path, before, after) as found:
        told = found.difference
        assert (told.new, told.gone, told.changed) == (1, 1, 1)
        assert (told.before.repeated, told.after.repeated) == (2, 1)
        assert list(found.changed(9)) == [Cell([1], "Name", "b", "c")]
        assert list(found.new(9)) == [[1, "d", None]]
        assert "Keys in more than one row: 2 before, 1 now." in told.summary(Language.ENGLISH)


def test_a_key_of_nothing_is_not_a_key_of_empty_text(tmp_path: Path) -> None:
    with compared(tmp_path, [[1, None, None]], [[1, "", None]], ["Name"]) as found:
        assert (found.difference.new, found.difference.gone) == (1, 1)


def test_columns_that_came_or_went_are_told_and_the_others_compared(tmp_path: Path) -> None:
    fewer = (AMOUNT, CODE, Column("City", ColumnKind.TEXT))
    with compared(
        tmp_path,
        [[1, "a", Decimal(1)]],
        [[Decimal(1), 1, "İzmir"]],
        columns_after=fewer,
    ) as found:
        told = found.difference
        assert (told.changed, told.columns_new, told.columns_gone) == (0, ["City"], ["Name"])
        assert not told.is_none
        said = told.summary(Language.TURKISH)
        assert "yeni sütunlar: City" in said
        assert "olmayan sütunlar: Name" in said


def test_the_totals_of_a_wide_column_are_written_as_amounts(tmp_path: Path) -> None:
    before: list[Row] = [[1, "a", Decimal("1234567.500000")], [2, "b", Decimal("0.123400")]]
    with compared(tmp_path, before, before[:1]) as found:
        assert "Amount: 1.234.567,6234 → 1.234.567,50" in found.difference.summary(Language.TURKISH)


def test_columns_with_one_name_are_compared_one_by_one(tmp_path: Path) -> None:
    twice = (CODE, NAME, NAME)
    with compared(tmp_path, [[1, "a", "b"]], [[1, "a", "c"]], columns=twice) as found:
        assert list(found.changed(9)) == [Cell([1], "Name", "b", "c")]


def test_a_missing_key_column_and_other_companies_are_refused(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="no column “Id”"), compared(tmp_path, [], [], ["Id"]):
        pass
    one = kept(tmp_path / "one", [[1, "a", None]])
    other = kept(tmp_path / "other", [[1, "a", None]], company="Ege")
    with (
        pytest.raises(JobError, match="read several companies"),
        comparing(Kept(1, one), Kept(2, other), ["Code"], folder=tmp_path),
    ):
        pass


def test_the_company_is_a_part_of_the_key(tmp_path: Path) -> None:
    one = kept(tmp_path / "one", [[1, "a", None]], company="Ege")
    other = kept(tmp_path / "other", [[1, "a", None]], company="Marmara")
    with comparing(Kept(1, one), Kept(2, other), ["Code"], folder=tmp_path) as found:
        assert (found.difference.new, found.difference.gone) == (1, 1)
        assert [column.name for column in found.keys] == ["Company", "Code"]


def test_nothing_against_nothing_is_no_difference(tmp_path: Path) -> None:
    with compared(tmp_path, [], []) as found:
        assert found.difference.is_none


def test_a_total_with_something_that_is_no_number_is_not_told(tmp_path: Path) -> None:
    with compared(tmp_path, [[1, "a", "x"]], [[1, "a", Decimal(1)]]) as found:
        (total,) = found.difference.totals
        assert (total.before, total.after) == (None, Decimal(1))


def test_no_folder_is_left_behind(tmp_path: Path) -> None:
    with compared(tmp_path, [[1, "a", None]], []):
        pass
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".parquet", ".parquet"]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY (SELECT 1) TO '/tmp/out.csv'",
        "ATTACH '/tmp/other.duckdb'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '10GB'",
    ],
)
def test_the_database_of_a_comparison_reaches_nothing_but_its_two_files(
    tmp_path: Path, statement: str
) -> None:
    paths = tmp_path / "a", tmp_path / "b"
    with locked(str(tmp_path), *paths) as asked, pytest.raises(duckdb.Error):
        asked.execute(statement)
