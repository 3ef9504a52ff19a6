"""What the words for dates and months mean, counted from the day that was meant."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.errors import Invalid
from tasks.reports.meant import Meant
from tasks.reports.posting_periods import Period, PostingPeriods
from tasks.reports.relative_dates import is_relative, minds_working_days, resolve_relative, words
from tasks.reports.relative_months import is_relative_month, month_words, resolve_month
from tasks.scheduling.working_days import WorkingDays

MONDAY = date(2026, 3, 16)
EACH_WEEK = WorkingDays()
ANY_DAY = st.dates(date(1900, 1, 1), date(2900, 12, 31))


def meaning(word: str, day: date = MONDAY, days: WorkingDays = EACH_WEEK) -> date:
    """What a word means where each year is a posting period."""
    years = [Period(date(year, 1, 1), date(year, 12, 31)) for year in (day.year - 1, day.year)]
    return resolve_relative(word, Meant(Meant.of(day).at, days, periods=PostingPeriods.of(years)))


@pytest.mark.parametrize(
    ("word", "day"),
    [
        ("today", "2026-03-16"),
        ("yesterday", "2026-03-15"),
        ("tomorrow", "2026-03-17"),
        ("previous_working_day", "2026-03-13"),
        ("next_working_day", "2026-03-17"),
        ("first_of_week", "2026-03-16"),
        ("last_of_week", "2026-03-22"),
        ("first_of_last_week", "2026-03-09"),
        ("last_of_last_week", "2026-03-15"),
        ("first_of_next_week", "2026-03-23"),
        ("last_of_next_week", "2026-03-29"),
        ("first_of_month", "2026-03-01"),
        ("last_of_month", "2026-03-31"),
        ("first_of_last_month", "2026-02-01"),
        ("last_of_last_month", "2026-02-28"),
        ("first_of_next_month", "2026-04-01"),
        ("last_of_next_month", "2026-04-30"),
        ("first_of_quarter", "2026-01-01"),
        ("last_of_quarter", "2026-03-31"),
        ("first_of_last_quarter", "2025-10-01"),
        ("last_of_last_quarter", "2025-12-31"),
        ("first_of_next_quarter", "2026-04-01"),
        ("last_of_next_quarter", "2026-06-30"),
        ("first_of_year", "2026-01-01"),
        ("last_of_year", "2026-12-31"),
        ("first_of_last_year", "2025-01-01"),
        ("last_of_last_year", "2025-12-31"),
        ("first_of_next_year", "2027-01-01"),
        ("last_of_next_year", "2027-12-31"),
        ("same_day_last_month", "2026-02-16"),
        ("same_day_last_year", "2025-03-16"),
        ("days_ago(0)", "2026-03-16"),
        ("days_ago(16)", "2026-02-28"),
        ("months_ago(3)", "2025-12-16"),
        ("posting_period_start", "2026-01-01"),
        ("posting_period_end", "2026-12-31"),
        ("previous_posting_period_start", "2025-01-01"),
        ("previous_posting_period_end", "2025-12-31"),
    ],
)
def test_each_word_means_a_day(word: str, day: str) -> None:
    assert meaning(word) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("word", "day", "meant"),
    [
        ("same_day_last_year", "2028-02-29", "2027-02-28"),
        ("same_day_last_month", "2026-03-31", "2026-02-28"),
        ("same_day_last_month", "2026-01-31", "2025-12-31"),
        ("months_ago(1)", "2028-03-31", "2028-02-29"),
        ("last_of_month", "2028-02-10", "2028-02-29"),
        ("first_of_week", "2026-03-22", "2026-03-16"),
        ("first_of_week", "2027-01-01", "2026-12-28"),
        ("last_of_last_quarter", "2026-01-01", "2025-12-31"),
        ("first_of_next_month", "2026-12-31", "2027-01-01"),
    ],
)
def test_short_months_and_the_turn_of_a_year_are_minded(word: str, day: str, meant: str) -> None:
    assert meaning(word, date.fromisoformat(day)) == date.fromisoformat(meant)


def test_working_days_are_those_of_the_calendar() -> None:
    days = WorkingDays(off={date(2026, 3, 13): "A holiday", date(2026, 3, 17): "Another"})
    assert meaning("previous_working_day", days=days) == date(2026, 3, 12)
    assert meaning("next_working_day", days=days) == date(2026, 3, 18)
    assert [one for one in words() if minds_working_days(one)] == [
        "previous_working_day",
        "next_working_day",
    ]


def test_a_calendar_without_a_working_day_is_told() -> None:
    with pytest.raises(Invalid, match="no working day within"):
        meaning("next_working_day", days=WorkingDays(weekend=frozenset(range(7))))


@given(ANY_DAY)
def test_units_follow_on_without_gap_or_overlap(day: date) -> None:
    for unit in ("week", "month", "quarter", "year"):
        ends = [
            meaning(f"{edge}_of_{which}{unit}", day).toordinal()
            for which in ("last_", "", "next_")
            for edge in ("first", "last")
        ]
        assert ends == sorted(ends)
        assert ends[2] <= day.toordinal() <= ends[3]
        assert (ends[2] - ends[1], ends[4] - ends[3]) == (1, 1)


@given(ANY_DAY)
def test_every_word_means_a_day_on_every_day(day: date) -> None:
    for word in words():
        assert is_relative(word)
        assert isinstance(meaning(word, day), date)
    for word in month_words():
        first, last = resolve_month(word, day)
        assert is_relative_month(word)
        assert (first.day, first.month, first.year) == (1, last.month, last.year)
        assert (last - first).days in (27, 28, 29, 30)


@pytest.mark.parametrize(
    "text", ["Today", "days_ago(-1)", "days_ago(x)", "days_ago(12345)", "last_week", "", "today "]
)
def test_other_texts_are_no_words(text: str) -> None:
    assert not is_relative(text)
