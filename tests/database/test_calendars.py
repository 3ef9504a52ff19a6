"""Calendars: the days of a country and one’s own, and the working days they come to."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, select

from tasks import db
from tasks.db import reading, transaction
from tasks.errors import Conflict, Invalid, NotFound
from tasks.models import Calendar, CalendarDay, DayKind, DayOrigin, OnHoliday
from tasks.scheduling.calendar_cache import load_all_days, load_days
from tasks.scheduling.calendars import (
    calendar_named,
    change_calendar,
    delete_calendar,
    keep_ahead,
    refresh_country_days,
    remove_own_day,
    schedules_of,
)
from tests.database.calendars import EVE, NOW, THURSDAY, a_calendar, count_of, days_of, own
from tests.support.factories import a_schedule, a_task


def test_a_country_brings_its_days_from_last_year_to_five_years_ahead(database: str) -> None:
    calendar = a_calendar()
    days = days_of(calendar)
    assert not days.is_working(THURSDAY)
    assert days.name_of(THURSDAY) == "Ulusal Egemenlik ve Çocuk Bayramı"
    with reading() as session:
        years = session.scalars(select(CalendarDay.day)).all()
    assert {day.year for day in years} == set(range(2025, 2032))


def test_half_days_are_worked_unless_the_calendar_says_otherwise(database: str) -> None:
    calendar = a_calendar()
    assert days_of(calendar).is_working(EVE)
    with transaction() as session:
        found = session.get_one(Calendar, calendar.id)
        change_calendar(session, found, now=NOW, version=found.version, works_half_days=False)
    assert not days_of(calendar).is_working(EVE)
    assert days_of(calendar).name_of(EVE) == "Cumhuriyet Bayramı (saat 13.00'ten)"


def test_a_change_of_an_older_version_is_refused(database: str) -> None:
    calendar = a_calendar()
    with transaction() as session:
        change_calendar(
            session, session.get_one(Calendar, calendar.id), now=NOW, version=1, title="First"
        )
    with pytest.raises(Conflict, match="changed by somebody else"), transaction() as session:
        change_calendar(
            session, session.get_one(Calendar, calendar.id), now=NOW, version=1, title="Second"
        )
    with reading() as session:
        found = session.get_one(Calendar, calendar.id)
    assert (found.title, found.version) == ("First", 2)


def test_religious_days_of_turkiye_are_known(database: str) -> None:
    days = days_of(a_calendar(works_half_days=False))
    ramadan = [date(2026, 3, day) for day in (19, 20, 21, 22)]
    assert [days.name_of(day).split(" (")[0] for day in ramadan] == ["Ramazan Bayramı"] * 4
    assert days.next(date(2026, 3, 18)) == date(2026, 3, 23)
    assert days.previous(date(2026, 6, 1)) == date(2026, 5, 25)


def test_a_country_without_half_days_has_its_days_in_english(database: str) -> None:
    days = days_of(a_calendar(slug="germany", title="Germany", country="de"))
    assert days.name_of(date(2026, 10, 3)) == "German Unity Day"


def test_the_weekend_is_by_choice(database: str) -> None:
    days = days_of(a_calendar(country=None, weekend=[4, 5]))
    assert [days.is_working(date(2026, 3, day)) for day in (19, 20, 21, 22)] == [
        True, False, False, True,
    ]  # fmt: skip


def test_an_own_day_wins_over_the_country_and_over_the_weekend(database: str) -> None:
    calendar = a_calendar()
    own(calendar, THURSDAY, DayKind.WORKING, "Stocktaking")
    own(calendar, date(2026, 4, 25), DayKind.WORKING)
    own(calendar, date(2026, 4, 24), DayKind.HOLIDAY, "Bridge day")
    days = days_of(calendar)
    assert days.is_working(THURSDAY)
    assert days.is_working(date(2026, 4, 25))
    assert days.name_of(date(2026, 4, 24)) == "Bridge day"


def test_an_own_day_is_changed_and_taken_back(database: str) -> None:
    calendar = a_calendar()
    own(calendar, THURSDAY, DayKind.WORKING)
    own(calendar, THURSDAY, DayKind.HALF_DAY, "Morning only")
    assert count_of(calendar, DayOrigin.OWN) == 1
    assert days_of(calendar).is_working(THURSDAY)
    with transaction() as session:
        remove_own_day(session, session.get_one(Calendar, calendar.id), THURSDAY)
    assert not days_of(calendar).is_working(THURSDAY)


def test_another_country_takes_the_place_of_the_first(database: str) -> None:
    calendar = a_calendar()
    own(calendar, date(2026, 4, 24), DayKind.HOLIDAY)
    with transaction() as session:
        found = session.get_one(Calendar, calendar.id)
        change_calendar(session, found, now=NOW, version=found.version, country="US")
    days = days_of(calendar)
    assert days.is_working(THURSDAY)
    assert days.name_of(date(2026, 11, 26)) == "Thanksgiving Day"
    assert not days.is_working(date(2026, 4, 24))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"slug": "Ünlü"}, "slug"),
        ({"title": " "}, "title"),
        ({"country": "XX"}, "country"),
        ({"country": "Türkiye"}, "country"),
        ({"weekend": [0, 1, 2, 3, 4, 5, 6]}, "weekend"),
        ({"weekend": [7]}, "weekend"),
    ],
)
def test_a_calendar_that_means_nothing_is_refused(
    database: str, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        a_calendar(**values)
    assert refused.value.field == field


def test_a_calendars_name_is_given_once(database: str) -> None:
    a_calendar()
    with pytest.raises(Conflict, match="There is a calendar “turkiye” already"):
        a_calendar()
    with reading() as session, pytest.raises(NotFound, match="no calendar “nowhere”"):
        calendar_named(session, "nowhere")


def test_a_calendar_that_a_schedule_follows_cannot_be_deleted(database: str) -> None:
    calendar = a_calendar()
    schedule = a_schedule(a_task(), calendar_id=calendar.id, on_holiday=OnHoliday.SKIP)
    with transaction() as session, pytest.raises(Conflict, match="1 of the schedules follow"):
        delete_calendar(session, session.get_one(Calendar, calendar.id))
    with transaction() as session:
        found = session.get_one(Calendar, calendar.id)
        (follower,) = schedules_of(session, found)
        assert (follower.id, follower.task.slug) == (schedule.id, "a-report")
        follower.calendar_id = None
        delete_calendar(session, found)
    assert count_of(calendar, DayOrigin.COUNTRY) == 0


def test_a_calendar_is_kept_two_years_ahead(database: str) -> None:
    calendar = a_calendar()
    for year, changed in ((2027, []), (2029, []), (2030, ["turkiye"]), (2030, [])):
        with transaction() as session:
            found = keep_ahead(session, now=NOW.replace(year=year))
            assert [one.slug for one in found] == changed
    days = days_of(calendar)
    assert not days.is_working(date(2035, 10, 29))
    assert not days.is_working(THURSDAY)  # what has passed stays


def test_a_refresh_that_brings_nothing_new_changes_nothing(database: str) -> None:
    calendar = a_calendar()
    with transaction() as session:
        found = session.get_one(Calendar, calendar.id)
        assert not refresh_country_days(session, found, now=NOW)
        assert found.updated_at == calendar.updated_at


def test_days_are_read_once_until_the_calendar_changes(database: str) -> None:
    first, second = a_calendar(), a_calendar(slug="other", title="Other", country=None)
    statements: list[str] = []
    days = days_of(first)
    days_of(second)
    event.listen(db.engine(), "before_cursor_execute", lambda *call: statements.append(call[2]))
    with reading() as session:
        found = load_all_days(session, [first.id, second.id, first.id])
    assert found[first.id] is days
    assert len([one for one in statements if one.startswith("SELECT")]) == 1
    own(first, THURSDAY, DayKind.WORKING)
    assert days_of(first).is_working(THURSDAY)
    with reading() as session, pytest.raises(NotFound):
        load_days(session, 999)
