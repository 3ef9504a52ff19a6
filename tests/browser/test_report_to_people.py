"""An editor gives each sales person their own rows: made, tried, run, seen, and sent once more."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.browser.logging_in import log_in
from tests.browser.people import a_person
from tests.browser.watching import Watch, axe_findings
from tests.engine.running_stack import RunningStack
from tests.support.waiting import wait_until

HERS, THEIRS = "ayse@company.example", "office@company.example"


@pytest.fixture(scope="module")
def editor(site: RunningStack) -> tuple[str, str]:
    """Somebody who may change tasks, but no SQL."""
    return "elif", a_person(site, "elif", "editor")


def letters_to(site: RunningStack, address: str, title: str) -> list[EmailMessage]:
    """Return the mails of a report that somebody got."""
    kept = (site.home / "mail").glob("*.eml")
    letters = [message_from_bytes(one.read_bytes(), policy=policy.default) for one in kept]
    return [one for one in letters if address in one["To"] and title in one["Subject"]]


def type_in(page: Page, name: str, text: str) -> None:
    """Type into an empty control that the keyboard has reached."""
    page.locator(f"[name={name}]").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def press(page: Page, control: Locator) -> None:
    control.focus()
    page.keyboard.press("Enter")


def describe_the_parts(page: Page) -> None:
    press(page, page.locator("#section-burst > summary"))
    expect(page.locator("#field-burst-column")).to_be_visible()
    type_in(page, "burst-column", "Sales person")
    page.keyboard.press("Tab")
    page.keyboard.type("The list")
    type_in(page, "burst-lines", f"Ayşe Yılmaz = {HERS}")
    type_in(page, "burst-catch_all", THEIRS)


def test_by_keyboard_alone(site: RunningStack, open_browser: Open, editor: tuple[str, str]) -> None:
    page = open_browser()
    page.goto("/login")
    log_in(page, editor[1], editor[0])
    page.goto("/tasks/new?copy=total-risk")
    type_in(page, "title", "Risk by keyboard")
    describe_the_parts(page)
    assert axe_findings(page) == []
    press(page, page.locator("#task-form .form__actions button"))
    expect(page).to_have_url(re.compile(r"/tasks/risk-by-keyboard$"))
    expect(page.get_by_text("Split by Sales person; 1 typed address line")).to_be_visible()

    press(page, page.get_by_role("link", name="Try it"))
    press(page, page.get_by_role("button", name="Show the first rows and the mail"))
    expect(page.get_by_role("heading", name="The first rows")).to_be_visible()
    expect(page.get_by_role("region", name="Parts")).to_contain_text(HERS)
    assert axe_findings(page) == []
    assert letters_to(site, HERS, "Risk by keyboard") == []

    press(page, page.get_by_role("link", name="Back to the task"))
    press(page, page.get_by_role("link", name="Run now: Risk by keyboard"))
    press(page, page.get_by_role("button", name="Run now", exact=True))
    expect(page.locator("#run-ending")).to_contain_text("Succeeded")
    expect(page.locator(".run-deliveries")).to_contain_text(HERS)
    press(page, page.get_by_role("link", name="Whose rows, and to whom"))
    row = page.get_by_role("row").filter(has_text="Ayşe Yılmaz")
    expect(row).to_contain_text(HERS)
    expect(row.get_by_role("link")).to_contain_text(["ayse-yilmaz"])
    expect(page.get_by_role("row").filter(has_text="without an address")).to_contain_text(THEIRS)

    page.go_back()
    press(page, page.get_by_role("link", name=f"Send again… {HERS}"))
    press(page, page.get_by_role("button", name="Send it again"))
    wait_until(lambda: len(letters_to(site, HERS, "Risk by keyboard")) == 2, "it came again")
    first, again = letters_to(site, HERS, "Risk by keyboard")
    assert first["Message-ID"] == again["Message-ID"]
    assert len(letters_to(site, THEIRS, "Risk by keyboard")) == 1


def test_without_a_script(
    site: RunningStack, open_browser: Open, editor: tuple[str, str], watch: Watch
) -> None:
    watch.expected.append("status of 422")  # the form that holds a wrong address
    page = open_browser(script=False)
    page.goto("/login")
    log_in(page, editor[1], editor[0])
    page.goto("/tasks/new?copy=total-risk")
    type_in(page, "title", "Risk without a script")
    describe_the_parts(page)
    type_in(page, "burst-catch_all", "nobody")
    page.get_by_role("button", name="Save").last.click()
    expect(page.locator("#error-burst-catch_all")).to_be_visible()
    type_in(page, "burst-catch_all", THEIRS)
    page.get_by_role("button", name="Save").last.click()
    expect(page).to_have_url(re.compile(r"/tasks/risk-without-a-script$"))
    page.get_by_role("link", name="Edit", exact=True).click()
    expect(page.locator("#section-burst > summary")).to_contain_text(
        "Sales person · The list below"
    )
    page.goto("/tasks/risk-without-a-script/runs/new")
    page.get_by_role("button", name="Run now", exact=True).click()
    wait_until(lambda: letters_to(site, HERS, "Risk without a script"), "her rows have come")
    page.reload()
    page.get_by_role("link", name=f"Send again… {HERS}").click()
    page.get_by_role("button", name="Send it again").click()
    wait_until(lambda: len(letters_to(site, HERS, "Risk without a script")) == 2, "and again")


def test_what_is_wrong_in_a_closed_part_is_seen_when_the_form_is_sent(
    open_browser: Open, editor: tuple[str, str]
) -> None:
    page = open_browser()
    page.goto("/login")
    log_in(page, editor[1], editor[0])
    page.goto("/tasks/new?copy=total-risk")
    part = page.locator("#section-mail-looks")
    part.locator("summary").click()
    part.get_by_role("button", name="Add a chart").click()
    expect(part.get_by_label("Labels from the column")).to_be_visible()
    part.locator("summary").click()
    expect(part.get_by_label("Labels from the column")).to_be_hidden()
    page.get_by_role("button", name="Save").last.click()
    expect(part.get_by_label("Labels from the column")).to_be_focused()
