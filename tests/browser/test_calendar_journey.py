"""An editor's calendar: made, given a day off, followed by a schedule, which is then paused."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.logging_in import log_in
from tests.browser.test_each_page import looks_wider_than_its_window
from tests.browser.watching import axe_findings

NEW_SCHEDULE = "/schedules/new?task=stock-below-minimum"


def must_be_clean(page: Page, picture: Path) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=picture, full_page=True)
    assert axe_findings(page) == []
    assert not looks_wider_than_its_window(page)


def make_a_calendar(page: Page, title: str) -> None:
    page.goto("/calendars/new")
    page.locator("input[name=title]").fill(title)
    page.locator("select[name=country]").select_option("TR")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("h1")).to_have_text(title)


def add_a_day(page: Page, day: str, name: str) -> None:
    page.locator("input[name=day]").fill(day)
    page.locator("input[name=name]").fill(name)
    page.locator("form[action$='/days'] button").click()
    expect(page.locator("#days")).to_contain_text(name)


def ask_for_a_daily_one_that_moves(page: Page, calendar: str) -> None:
    page.goto(NEW_SCHEDULE)
    page.locator("input[name=pattern][value=once]").check()
    page.locator("input[name=once_at]").fill("2031-05-01T09:00")
    page.locator("#schedule-rarely > summary").click()
    page.locator("select[name=calendar_id]").select_option(label=calendar)
    page.locator("select[name=on_holiday]").select_option("next")


@pytest.mark.parametrize(
    ("width", "theme", "language"), [("desktop", "light", "en"), ("phone", "dark", "tr")]
)
def test_a_calendar_moves_a_schedule_and_a_pause_stops_it(
    open_browser: Open, password: str, pictures: Path, width: str, theme: str, language: str
) -> None:
    page = open_browser(width=width, theme=theme, language=language)
    page.goto("/login")
    log_in(page, password)
    calendar = f"Ours {width}"
    make_a_calendar(page, calendar)
    add_a_day(page, "2031-05-02", "Bridge")
    must_be_clean(page, pictures / f"calendar-{width}.png")

    ask_for_a_daily_one_that_moves(page, calendar)
    coming = page.locator("#preview li")
    expect(coming).to_have_count(1)
    expect(coming.locator("time")).to_have_attribute("datetime", re.compile("2031-05-05T09:00"))
    expect(coming).to_contain_text("2031 " if language == "en" else "2031 Perşembe")
    must_be_clean(page, pictures / f"schedule-moved-{width}.png")
    page.locator("input[name=name]").fill(f"After the bridge {width}")
    page.locator(".form__actions .button--primary").click()
    expect(page.locator("h1")).to_have_text(f"After the bridge {width}")
    must_be_clean(page, pictures / f"schedule-page-{width}.png")

    page.locator(".pause-menu > summary").click()
    page.locator("input[name=until]").fill("2030-01-01T08:00")
    must_be_clean(page, pictures / f"schedule-pausing-{width}.png")
    page.locator(".pause-menu form button").click()
    expect(page.locator("main .notice--warning")).to_contain_text("2030 08:00")
    must_be_clean(page, pictures / f"schedule-paused-{width}.png")

    page.goto("/schedules")
    row = page.locator("tr", has_text=f"After the bridge {width}")
    expect(row.locator(".badge--warning")).to_be_visible()
    row.locator("form button").press("Enter")
    expect(row.locator(".badge--warning")).to_have_count(0)
    expect(row.locator("form button")).to_be_focused()


def test_without_a_script_the_same_forms_work(open_browser: Open, password: str) -> None:
    page = open_browser(script=False)
    page.goto("/login")
    log_in(page, password)
    make_a_calendar(page, "Plain")
    ask_for_a_daily_one_that_moves(page, "Plain")
    page.locator("button[name=preview]").click()
    expect(page.locator("#preview li")).to_have_count(1)
    expect(page.locator("#schedule-rarely")).to_have_attribute("open", "")
    expect(page.locator("select[name=on_holiday]")).to_have_value("next")
    page.locator(".form__actions .button--primary").click()
    page.locator(".pause-menu > summary").click()
    page.locator(".pause-menu form button").click()
    expect(page.locator("main .notice--warning")).to_be_visible()
