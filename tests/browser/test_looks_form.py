"""An author says how a report looks, adding rows to the form without leaving the page."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.logging_in import log_in


def test_rows_of_looks_are_added_removed_and_kept(open_browser: Open, password: str) -> None:
    page = open_browser()
    page.goto("/login")
    log_in(page, password)
    page.goto("/tasks/overdue-receivables/edit")
    part = page.locator("#section-looks")
    part.locator("summary").click()
    part.get_by_label("The title").check()
    part.get_by_role("button", name="Say how a column is shown").click()
    part.get_by_label("Name of the column").fill("Customer")
    part.get_by_label("Title over the column").fill("Who owes it")
    for number in range(2):
        part.get_by_role("button", name="Add a colour").click()
        expect(part.locator(f"#colour-row-{number}")).to_be_visible()
    part.locator("#remove-colour-1").click()
    expect(part.locator("#colour-row-1")).to_have_count(0)
    part.get_by_label("Where the column").fill("Customer")
    part.get_by_label("Comparison").select_option("empty")
    expect(part.get_by_label("Name of the column")).to_have_value("Customer")
    page.get_by_role("button", name="Save").last.click()
    page.wait_for_url(re.compile(r"/tasks/overdue-receivables$"))
    expect(page.get_by_text("Customer: Who owes it")).to_be_visible()
    expect(page.get_by_text("Customer is empty: Red")).to_be_visible()
