"""Posting periods: which of them a day lies in, which came before, and what a source tells."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from tasks.errors import ErrorKind, Invalid, JobError
from tasks.reports.meant import Meant
from tasks.reports.parameters import (
    DateSpan,
    ParameterDefinition,
    ParameterType,
    accept,
    minds_periods,
    resolve,
)
from tasks.reports.posting_periods import Period, PostingPeriods, read_periods
from tasks.rows import Column, ColumnKind, ResultSet, Row
from tasks.sources.duckdb import DuckDBSource
from tests.unit.demo.conftest import UNTIL


def month(year: int, number: int, last: int) -> Period:
    return Period(date(year, number, 1), date(year, number, last))


JANUARY, FEBRUARY, MARCH = month(2026, 1, 31), month(2026, 2, 28), month(2026, 3, 31)
YEAR = Period(date(2025, 7, 1), date(2026, 6, 30))
SHORT = Period(date(2026, 3, 1), date(2026, 3, 13))


@pytest.mark.parametrize(
    ("periods", "day", "period"),
    [
        ([JANUARY, FEBRUARY], "2026-01-31", JANUARY),
        ([FEBRUARY, JANUARY], "2026-02-01", FEBRUARY),
        ([YEAR, JANUARY], "2026-01-15", JANUARY),
        ([YEAR, JANUARY], "2026-05-15", YEAR),
    ],
)
def test_a_day_lies_in_the_shortest_period_that_holds_it(
    periods: list[Period], day: str, period: Period
) -> None:
    assert PostingPeriods.of(periods).holding(date.fromisoformat(day)) == period


def test_the_period_before_ended_before_that_of_the_day_even_with_a_gap() -> None:
    periods = PostingPeriods.of([YEAR, MARCH, JANUARY])
    assert periods.before(date(2026, 3, 16)) == JANUARY


def test_a_day_in_no_period_is_told() -> None:
    with pytest.raises(Invalid, match="no posting period for 2026-02-01"):
        PostingPeriods.of([JANUARY]).holding(date(2026, 2, 1))


def test_the_first_period_has_none_before() -> None:
    with pytest.raises(Invalid, match="no posting period before that of 2026-01-05"):
        PostingPeriods.of([JANUARY, FEBRUARY]).before(date(2026, 1, 5))


def test_a_range_and_its_bounds_count_from_the_period_of_the_day_meant() -> None:
    one = ParameterDefinition(
        name="p", type=ParameterType.DATE_RANGE, minimum="previous_posting_period_start"
    )
    kept = accept([one], {"p": "posting_period_start/posting_period_end"})
    assert kept == {"p": "posting_period_start/posting_period_end"}
    meant = Meant(datetime(2026, 2, 10), periods=PostingPeriods.of([JANUARY, FEBRUARY]))
    assert resolve([one], kept, meant=meant) == {"p": DateSpan(FEBRUARY.first, FEBRUARY.last)}
    early = accept([one], {"p": "2025-12-31/today"})
    with pytest.raises(Invalid, match="The least is 2026-01-01"):
        resolve([one], early, meant=meant)


def test_without_a_source_a_posting_period_cannot_be_known() -> None:
    one = ParameterDefinition(name="p", type=ParameterType.DATE)
    with pytest.raises(Invalid, match="known only to a report"):
        resolve([one], accept([one], {"p": "posting_period_end"}), meant=date(2026, 2, 10))


@pytest.mark.parametrize(
    ("definition", "kept", "minds"),
    [
        ({"type": "date"}, "posting_period_start", True),
        ({"type": "date"}, "today", False),
        ({"type": "date_range"}, "today/posting_period_end", True),
        ({"type": "date", "maximum": "posting_period_end"}, "today", True),
        ({"type": "text"}, "posting_period_start", False),
    ],
)
def test_the_source_is_asked_only_where_a_value_needs_it(
    definition: dict[str, str], kept: str, minds: bool
) -> None:
    one = ParameterDefinition.model_validate({"name": "p"} | definition)
    assert minds_periods([one], {"p": kept}) is minds


def test_the_demo_company_has_a_period_for_each_month(company_file: Path) -> None:
    source = DuckDBSource(company_file)
    period = read_periods(source).holding(UNTIL)
    assert period.first == UNTIL.replace(day=1)
    assert period.last.month == UNTIL.month


class OneAnswer:
    """A source that always gives these rows."""

    def __init__(self, *rows: Row) -> None:
        self.columns: tuple[Column, ...] = (Column("F_RefDate", ColumnKind.DATE),)
        self.rows = list(rows)

    @contextmanager
    def query(self, _sql: str, _parameters: Sequence[object]) -> Iterator[ResultSet]:
        yield self

    def cancel(self) -> None:
        """Nothing runs."""

    def batches(self, size: int = 5_000) -> Iterator[list[Row]]:
        yield self.rows


def test_days_that_hana_keeps_as_timestamps_are_days() -> None:
    source = OneAnswer((datetime(2026, 1, 1), datetime(2026, 1, 31)))
    assert read_periods(source) == PostingPeriods.of([JANUARY])


def test_a_period_without_an_end_is_told() -> None:
    with pytest.raises(JobError, match="where a day should be"):
        read_periods(OneAnswer((date(2026, 1, 1), None)))


def test_a_source_without_posting_periods_is_told_by_name(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / "other.duckdb") as other:
        other.execute("CREATE SCHEMA SBODEMOTR")
    with pytest.raises(JobError, match="The posting periods cannot be read") as refused:
        read_periods(DuckDBSource(tmp_path / "other.duckdb"))
    assert refused.value.kind is ErrorKind.PARAMETER
