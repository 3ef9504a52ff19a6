"""An author fills in the form of a report, which grows with what is chosen, on one page."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.logging_in import log_in
from tests.browser.watching import Watch


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


def test_only_what_belongs_to_a_choice_is_asked(
    open_browser: Open, password: str, watch: Watch
) -> None:
    watch.expected.append("status of 422")  # the form that says of a split what it does not do
    page = open_browser()
    page.goto("/login")
    log_in(page, password)
    page.goto("/tasks/new?copy=overdue-receivables")
    split, sent = page.locator("#section-burst"), page.locator("#section-condition")
    split.locator("summary").click()
    expect(split.get_by_role("textbox")).to_have_count(1)
    split.get_by_label("Where the addresses stand").select_option("lines")
    expect(split.get_by_role("textbox")).to_have_count(3)
    split.get_by_label("List of addresses").fill("Ayşe = ayse@company.example")
    split.get_by_label("Where the addresses stand").select_option("")
    expect(split.get_by_label("List of addresses")).to_be_hidden()
    page.get_by_role("button", name="Save").last.click()
    expect(split.get_by_label("List of addresses")).to_have_value("Ayşe = ayse@company.example")
    expect(split.get_by_label("List of addresses")).to_be_visible()
    sent.locator("summary").click()
    expect(sent.get_by_role("textbox")).to_have_count(0)
    sent.get_by_label("Send").select_option("new_rows")
    expect(sent.get_by_role("textbox")).to_have_count(1)
    sent.get_by_label("Send").select_option("threshold")
    expect(sent.get_by_role("textbox")).to_have_count(2)
