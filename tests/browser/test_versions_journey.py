"""An author's second thought: a task is changed, compared with what it was, and taken back."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.logging_in import log_in
from tests.browser.test_calendar_journey import must_be_clean

TASK = "/tasks/customer-risk-top"


def change_the_task(page: Page, title: str) -> str:
    """Give the task another title and another recipient; returns the title that it had."""
    page.goto(f"{TASK}/edit")
    before = page.locator("input[name=title]").input_value()
    page.locator("input[name=title]").fill(title)
    page.locator("textarea[name=recipients]").fill("new@example.com")
    page.locator(".form__actions button[type=submit]").click()
    expect(page.locator("h1")).to_have_text(title)
    return before


def number_of_versions(page: Page) -> int:
    page.goto(f"{TASK}/versions")
    address = page.locator("main table a.table__name").first.get_attribute("href") or ""
    return int(address.rpartition("/")[2])


@pytest.mark.parametrize(
    ("width", "theme", "language", "script"),
    [
        ("desktop", "light", "en", True),
        ("phone", "dark", "tr", True),
        ("phone", "light", "en", False),
    ],
)
def test_a_change_is_compared_and_taken_back(
    open_browser: Open,
    password: str,
    pictures: Path,
    width: str,
    theme: str,
    language: str,
    script: bool,
) -> None:
    page = open_browser(width=width, theme=theme, language=language, script=script)
    page.goto("/login")
    log_in(page, password)
    before = change_the_task(page, "Second thoughts")
    newest = number_of_versions(page)
    page.locator("main table a.table__name").first.click()
    expect(page.locator(".version-change del").first).to_contain_text(before)
    expect(page.locator(".version-change ins").first).to_contain_text("Second thoughts")
    expect(page.locator(".lines__line--added")).to_contain_text("new@example.com")
    if script:
        must_be_clean(page, pictures / f"version-{width}-{language}.png")

    page.goto(f"{TASK}/versions/{newest - 1}")
    page.locator("#against").fill(str(newest))
    page.locator("#against").press("Enter")
    expect(page.locator(".version-change ins").first).to_contain_text(before)
    page.locator("form[action$='/restorations'] button").click()
    expect(page.locator("h1")).to_have_text(before)
    expect(page.locator(".notice--success")).to_contain_text(str(newest + 1))
    assert number_of_versions(page) == newest + 1
