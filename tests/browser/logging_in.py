"""The way in."""

import re

from playwright.sync_api import Page


def log_in(page: Page, password: str, login: str = "admin") -> None:
    """Fill in the form of the login page that is open, and arrive."""
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/$"))
