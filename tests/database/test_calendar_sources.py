"""The holidays of Business One in a calendar, beside those of a country and one’s own."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from tasks.db import reading, transaction
from tasks.errors import Invalid, JobError
from tasks.models import Calendar, DayKind, DayOrigin
from tasks.scheduling.calendars import (
    change_calendar,
    replace_days,
)
from tasks.scheduling.source_days import read_source_days
from tests.database.calendars import NOW, THURSDAY, a_calendar, count_of, days_of, own
from tests.support.factories import a_source

RAMADAN = "('TR2026', '2026-03-20', '2026-03-22', 'Ramazan Bayramı')"
STOCKTAKING = "('TR2027', '2027-01-04', NULL, NULL)"
UNITY = "('DE2026', '2026-10-05', '2026-10-05', 'Sonstiges')"


def a_company_with_holidays(home: Path, *rows: str) -> None:
    with duckdb.connect(home / "demo.duckdb") as connection:
        connection.execute('CREATE SCHEMA "SBODEMOTR"')
        connection.execute('USE "SBODEMOTR"')
        connection.execute(
            'CREATE TABLE OHLD("HldCode" VARCHAR, "WndFrm" VARCHAR, "WndTo" VARCHAR)'
        )
        connection.execute(
            'CREATE TABLE HLD1("HldCode" VARCHAR, "StrDate" DATE, "EndDate" DATE, "Rmrks" VARCHAR)'
        )
        connection.execute("INSERT INTO OHLD SELECT unnest(['TR2026', 'TR2027', 'DE2026']), 6, 7")
        for row in rows:
            connection.execute(f"INSERT INTO HLD1 VALUES {row}")
    a_source()


def bring_days(calendar: Calendar) -> int:
    """Put the days of the calendar's source in the place of those it had; returns how many."""
    with reading() as session:
        found = session.get_one(Calendar, calendar.id)
    days = read_source_days(found)
    with transaction() as session:
        found = session.get_one(Calendar, calendar.id)
        replace_days(session, found, DayOrigin.SOURCE, days)
    return len(days)


def test_the_holidays_of_business_one_are_imported_and_replaced(database: str, home: Path) -> None:
    a_company_with_holidays(home, RAMADAN, STOCKTAKING, UNITY)
    calendar = a_calendar(country=None, source="demo", source_calendar="TR*")
    assert bring_days(calendar) == 4
    days = days_of(calendar)
    assert days.name_of(date(2026, 3, 20)) == "Ramazan Bayramı"
    assert not days.is_working(date(2027, 1, 4))
    assert days.is_working(date(2026, 10, 5))
    with transaction() as session:
        found = session.get_one(Calendar, calendar.id)
        change_calendar(session, found, now=NOW, version=found.version, source_calendar="DE2026")
    assert bring_days(calendar) == 1
    assert days_of(calendar).is_working(date(2027, 1, 4))
    assert not days_of(calendar).is_working(date(2026, 10, 5))


def test_a_source_wins_over_the_country_and_loses_to_an_own_day(database: str, home: Path) -> None:
    children = "('TR2026', '2026-04-23', '2026-04-23', '23 Nisan')"
    a_company_with_holidays(home, RAMADAN, children)
    calendar = a_calendar(source="demo", source_calendar="TR2026")
    bring_days(calendar)
    assert days_of(calendar).name_of(THURSDAY) == "23 Nisan"
    own(calendar, date(2026, 3, 20), DayKind.WORKING)
    assert days_of(calendar).is_working(date(2026, 3, 20))


def test_a_source_that_brings_nothing_leaves_the_days_as_they_were(
    database: str, home: Path
) -> None:
    a_company_with_holidays(home, RAMADAN)
    calendar = a_calendar(country=None, source="demo", source_calendar="TR2026")
    bring_days(calendar)
    for change, error in (
        ({"source_calendar": "XX"}, Invalid),
        ({"source": "nowhere"}, JobError),
        ({"source": None}, Invalid),
    ):
        with transaction() as session:
            found = session.get_one(Calendar, calendar.id)
            change_calendar(session, found, now=NOW, version=found.version, **change)
        with pytest.raises(error):
            bring_days(calendar)
    assert count_of(calendar, DayOrigin.SOURCE) == 3


def test_a_holiday_of_a_slipped_pen_does_not_fill_the_table(database: str, home: Path) -> None:
    a_company_with_holidays(home, "('TR2026', '2026-01-01', '9999-12-31', 'Forever')")
    calendar = a_calendar(country=None, source="demo")
    bring_days(calendar)
    assert count_of(calendar, DayOrigin.SOURCE) == 367
    with pytest.raises(Invalid, match="has no working day within 60 days"):
        days_of(calendar).next(date(2026, 1, 1))
