"""Which days are working days, without a database."""

from datetime import date, timedelta

import pytest

from tasks.errors import Invalid
from tasks.scheduling.working_days import WorkingDays

CHILDREN = date(2026, 4, 23)
DAYS = WorkingDays(
    off={CHILDREN: "Children's Day"}, worked=frozenset({date(2026, 4, 25)}), title="Shop"
)


def test_the_weekend_and_a_holiday_are_off_and_a_worked_saturday_is_not() -> None:
    week = [date(2026, 4, 20) + timedelta(days=n) for n in range(7)]
    assert [DAYS.is_working(day) for day in week] == [True, True, True, False, True, True, False]


def test_a_day_off_has_its_name_and_a_weekend_has_none() -> None:
    assert DAYS.name_of(CHILDREN) == "Children's Day"
    assert DAYS.name_of(date(2026, 4, 26)) == DAYS.name_of(date(2026, 4, 24)) == ""


def test_the_next_and_the_previous_working_day_are_never_the_day_itself() -> None:
    assert DAYS.next(CHILDREN) == date(2026, 4, 24)
    assert DAYS.next(date(2026, 4, 25)) == date(2026, 4, 27)
    assert DAYS.previous(CHILDREN) == date(2026, 4, 22)
    assert DAYS.previous(date(2026, 4, 27)) == date(2026, 4, 25)


def test_the_working_days_of_a_month_are_counted_from_both_ends() -> None:
    assert DAYS.nth_of_month(2026, 4, 1) == date(2026, 4, 1)
    assert DAYS.nth_of_month(2026, 4, 17) == date(2026, 4, 24)
    assert DAYS.nth_of_month(2026, 4, 18) == date(2026, 4, 25)
    assert DAYS.nth_of_month(2026, 4, -1) == date(2026, 4, 30)
    assert DAYS.nth_of_month(2026, 4, -5) == date(2026, 4, 25)
    assert DAYS.nth_of_month(2026, 4, 23) is None
    assert DAYS.nth_of_month(2026, 4, -23) is None


def test_a_calendar_without_working_days_says_so_instead_of_searching_for_ever() -> None:
    closed = WorkingDays(weekend=frozenset(range(7)), title="Closed")
    for search in (closed.next, closed.previous):
        with pytest.raises(Invalid, match="“Closed” has no working day within 60 days"):
            search(CHILDREN)
    assert closed.nth_of_month(2026, 4, 1) is None
