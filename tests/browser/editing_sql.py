"""The editor of SQL, as a person uses it."""

from playwright.sync_api import Page


def the_editor(page: Page) -> Page:
    """Wait for the editor of the form that is open, and go into it."""
    page.locator("sql-editor .cm-content").click()
    return page
