"""An administrator's source: added, tested, refused with a wrong password, and mended."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.logging_in import log_in
from tests.browser.test_calendar_journey import must_be_clean
from tests.support.hana import READER, Hana


def add_a_source(page: Page, hana: Hana, title: str, password: str) -> None:
    page.goto("/sources/new?kind=hana")
    for name, text in (
        ("title", title),
        ("address", hana.host),
        ("port", str(hana.port)),
        ("schema", "SBODEMOTR"),
        ("user", READER[0]),
        ("password", password),
    ):
        page.locator(f"input[name={name}]").fill(text)
    page.locator("input[name=encrypt]").uncheck()
    page.locator("main .form button[type=submit]").first.click()
    expect(page.locator("h1")).to_have_text(title)


@pytest.mark.parametrize(
    ("width", "theme", "language"), [("desktop", "light", "en"), ("phone", "dark", "tr")]
)
def test_a_source_is_added_tested_and_mended(
    open_browser: Open,
    password: str,
    pictures: Path,
    hana: Hana,
    width: str,
    theme: str,
    language: str,
) -> None:
    page = open_browser(width=width, theme=theme, language=language)
    page.goto("/login")
    log_in(page, password)
    page.goto("/sources/new")
    must_be_clean(page, pictures / f"source-choose-{width}.png")
    add_a_source(page, hana, f"Production {width}", "Wrong-2026")
    page.locator("#test").focus()
    for _ in range(2):
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.keyboard.press("Enter")
        expect(page.locator("#login .notice--error")).to_be_visible()
    expect(page.locator("#test")).to_be_focused()
    expect(page.locator("#login .badge--failed")).to_be_visible()
    must_be_clean(page, pictures / f"source-refused-{width}.png")

    page.locator("main .button--primary, header .button--primary").first.click()
    page.locator("input[name=password]").fill(READER[1])
    page.locator("details > summary").first.click()
    page.locator("input[name=quiet_from]").fill("22:00")
    page.locator("input[name=quiet_to]").fill("22:30")
    must_be_clean(page, pictures / f"source-edit-{width}.png")
    page.locator("main .form button[type=submit]").first.click()
    page.locator("#test").click()
    expect(page.locator("#login .notice--success")).to_contain_text("REPORTS")
    must_be_clean(page, pictures / f"source-{width}.png")
    page.goto("/sources")
    must_be_clean(page, pictures / f"sources-{width}.png")


def test_without_a_script_a_source_is_added_and_tested(
    open_browser: Open, password: str, hana: Hana
) -> None:
    page = open_browser(script=False)
    page.goto("/login")
    log_in(page, password)
    add_a_source(page, hana, "Plain", READER[1])
    page.locator("#test").click()
    expect(page.locator("#login .notice--success")).to_contain_text("REPORTS")
