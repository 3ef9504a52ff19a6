"""The list of calendars, and one with a year of its days."""

from datetime import date

import pytest
import time_machine

from tasks.models import DayKind, Role
from tests.support.factories import a_schedule, a_task
from tests.web.calendars_support import NOW, a_calendar, an_own_day
from tests.web.conftest import LoginAs


def test_without_calendars_the_list_says_what_one_does(login_as: LoginAs) -> None:
    page = login_as(Role.EDITOR).get("/calendars").text
    assert "No calendars" in page
    assert 'href="/calendars/new"' in page


def test_the_list_tells_the_country_the_next_day_off_and_who_follows(login_as: LoginAs) -> None:
    calendar = a_calendar(slug="turkiye", title="Türkiye takvimi", country="TR")
    a_calendar(slug="empty", title="Empty")
    for number in range(3):
        a_schedule(a_task(f"task-{number}"), calendar_id=calendar.id)
    with time_machine.travel(NOW, tick=False):
        page = login_as(Role.VIEWER).get("/calendars").text
    row = page.split(">Türkiye takvimi</a>")[1].split("</tr>")[0]
    for words in ("Türkiye", "Friday, 20 March 2026", "Ramazan Bayramı", ">3<"):
        assert words in row
    assert ">0<" in page.split(">Empty</a>")[1].split("</tr>")[0]


def test_the_names_of_countries_are_in_the_readers_language(login_as: LoginAs) -> None:
    a_calendar(country="DE")
    viewer = login_as(Role.VIEWER)
    viewer.set_cookie("language", "tr")
    assert "Almanya" in viewer.get("/calendars").text


def test_a_year_is_twelve_months_and_a_list_of_its_days(login_as: LoginAs) -> None:
    a_calendar(country="TR", works_half_days=False)
    page = " ".join(login_as(Role.VIEWER).get("/calendars/ours?year=2026").text.split())
    assert page.count("<caption>") == 12
    assert page.count('class="month__day ') == 365
    assert 'title="Day off: Cumhuriyet Bayramı"' in page
    assert '<span class="visually-hidden">, Day off: Cumhuriyet Bayramı</span>' in page
    listed = page.split('id="days"')[1].split("</section>")[0]
    assert "Thursday, 29 October 2026" in listed
    assert "Cumhuriyet Bayramı · Day off · Country" in listed
    assert "Half-day · Country" in listed


def test_an_own_day_stands_before_that_of_the_country(login_as: LoginAs) -> None:
    calendar = a_calendar(country="TR")
    an_own_day(calendar, date(2026, 5, 1), DayKind.WORKING, "Inventory")
    page = " ".join(login_as(Role.VIEWER).get("/calendars/ours?year=2026").text.split())
    listed = page.split('id="days"')[1].split("</section>")[0]
    assert "Inventory · Working day · Own, instead of Emek ve Dayanışma Günü" in listed


@pytest.mark.parametrize(
    ("typed", "year"), [("2027", 2027), ("1066", 2026), ("next", 2026), ("99999", 2026), ("", 2026)]
)
def test_the_year_is_that_of_the_address_or_this_one(
    login_as: LoginAs, typed: str, year: int
) -> None:
    a_calendar()
    viewer = login_as(Role.VIEWER)
    with time_machine.travel(NOW, tick=False):
        page = viewer.get("/calendars/ours", query_string={"year": typed}).text
    assert f'<h2 id="year">{year}</h2>' in page


def test_the_count_of_working_days_follows_the_calendar(login_as: LoginAs) -> None:
    calendar = a_calendar()  # 2026 has 261 days from Monday to Friday
    an_own_day(calendar, date(2026, 1, 1))
    an_own_day(calendar, date(2026, 1, 3), DayKind.WORKING)
    an_own_day(calendar, date(2026, 1, 4), DayKind.HOLIDAY)
    page = login_as(Role.VIEWER).get("/calendars/ours?year=2026").text
    assert "261 working days in 2026." in page


def test_the_page_names_the_schedules_that_follow(login_as: LoginAs) -> None:
    calendar = a_calendar()
    schedule = a_schedule(a_task(), name="Mornings", calendar_id=calendar.id)
    page = login_as(Role.VIEWER).get("/calendars/ours").text
    assert f'href="/schedules/{schedule.id}">Mornings</a>' in page


def test_a_viewer_has_no_forms(login_as: LoginAs) -> None:
    an_own_day(a_calendar(source="demo"), date(2026, 1, 1))
    page = login_as(Role.VIEWER).get("/calendars/ours?year=2026").text
    assert "/calendars/ours/" not in page


def test_an_unknown_calendar_is_not_found(login_as: LoginAs) -> None:
    assert login_as(Role.VIEWER).get("/calendars/nothing").status_code == 404
