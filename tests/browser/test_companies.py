"""Companies are chosen on the form, clean for axe, and what is ticked is what is read."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.logging_in import log_in
from tests.browser.test_calendar_journey import must_be_clean
from tests.browser.watching import Watch
from tests.engine.running_stack import RunningStack

ENDED = {"en": "Succeeded", "tr": "Başarılı"}
TASK = "late-orders"
SQL = 'SELECT :firms AS "Firm", COUNT(*) AS "Orders" FROM {schema}."ORDR"'
PARAMETERS = [
    {"name": "firms", "type": "companies", "label": "Firms", "required": False},
]
COMPANIES = ["SBODEMOTR", "SBODEMODE"]


@pytest.fixture
def task(site: RunningStack) -> str:
    """A ready task over the companies of its source, of which the file has only the first."""
    with closing(sqlite3.connect(site.home / "orchestrator.sqlite", timeout=30)) as database:
        database.execute(
            "UPDATE task_definition SET settings = json_set(settings, '$.sql', ?,"
            " '$.totals', json('[]')), parameters = ? WHERE slug = ?",
            (SQL, json.dumps(PARAMETERS), TASK),
        )
        database.execute("UPDATE source SET companies = ?", (json.dumps(COMPANIES),))
        database.commit()
    return TASK


def run_with(page: Page, task: str, *companies: str) -> None:
    page.goto(f"/tasks/{task}/runs/new")
    for company in companies:
        page.get_by_role("checkbox", name=company).check()
    page.locator("main form button[type=submit]").first.click()


@pytest.mark.parametrize(
    ("width", "theme", "language"), [("desktop", "light", "en"), ("phone", "dark", "tr")]
)
def test_companies_are_ticked_and_read(
    open_browser: Open,
    password: str,
    pictures: Path,
    watch: Watch,
    task: str,
    width: str,
    theme: str,
    language: str,
) -> None:
    page = open_browser(width=width, theme=theme, language=language)
    page.goto("/login")
    log_in(page, password)
    page.goto(f"/tasks/{task}/runs/new")
    must_be_clean(page, pictures / f"companies-{width}.png")
    run_with(page, task, "SBODEMOTR")
    expect(page.get_by_text(ENDED[language], exact=True).first).to_be_visible(timeout=30_000)
    expect(page.get_by_text("SBODEMOTR").first).to_be_visible()
    must_be_clean(page, pictures / f"companies-run-{width}.png")
    run_with(page, task, *COMPANIES)
    expect(page.locator("#run-ending")).to_contain_text("SBODEMODE")
    must_be_clean(page, pictures / f"companies-failed-{width}.png")
