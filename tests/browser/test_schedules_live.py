"""A schedule in several windows: what is done in one is seen in the others, and nothing is lost."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.logging_in import log_in

PAGE = "/schedules/1"
TYPED = "2026-11-30T10:00"


def test_the_pages_follow_what_is_done_elsewhere(open_browser: Open, password: str) -> None:
    listed = logged_in(open_browser, password)
    shown, other = beside(listed), beside(listed)
    listed.goto("/schedules")
    shown.goto(PAGE)
    shown.locator("input[name=to]").fill(TYPED)
    other.goto(PAGE)
    other.locator(".pause-menu summary").click()
    other.locator(".pause-menu button").click()
    expect(other.locator("#schedule-stopped")).to_contain_text("It is paused")
    look_again(listed, shown)
    expect(listed.locator("#schedule-1")).to_contain_text("Paused")
    expect(shown.locator("#schedule-stopped")).to_contain_text("It is paused")
    expect(shown.locator("#schedule-actions")).to_contain_text("Resume")
    expect(shown.locator("input[name=to]")).to_have_value(TYPED)
    other.locator("#schedule-actions button", has_text="Resume").click()
    expect(other.locator("#schedule-stopped .notice")).to_have_count(0)
    look_again(shown)
    expect(shown.locator("#schedule-stopped .notice")).to_have_count(0)


def test_a_menu_that_is_open_stays_open_while_the_page_is_told_what_is_new(
    open_browser: Open, password: str
) -> None:
    shown = logged_in(open_browser, password)
    other = beside(shown)
    shown.goto(PAGE)
    shown.locator(".pause-menu summary").click()
    other.goto(f"{PAGE}/edit")
    other.locator("input[name=name]").fill("Weekdays at nine o’clock")
    with shown.expect_response(lambda answer: "since=" in answer.url and answer.status == 200):
        other.locator("#schedule-form button", has_text="Save").click()
        other.wait_for_url(f"**{PAGE}")
        look_again(shown)  # unless its own poll was first
    expect(shown.locator(".pause-menu__content")).to_be_visible()


def logged_in(open_browser: Open, password: str) -> Page:
    """The page of somebody who has logged in."""
    page = open_browser()
    page.goto("/login")
    log_in(page, password)
    return page


def beside(page: Page) -> Page:
    """Another window of the same person, who needs no second login."""
    return page.context.new_page()


def look_again(*pages: Page) -> None:
    """Let the poll of these pages come now."""
    for page in pages:
        page.evaluate("document.body.dispatchEvent(new Event('poll'))")
