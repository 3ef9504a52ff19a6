"""Every page in both themes, at both widths, in both languages: silent, and clean for axe.

Each theme is seen with each width and each language, and each width with each language: a fault of
any two of them shows, in half the time that all eight would take.
"""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.logging_in import log_in
from tests.browser.watching import Watch, axe_findings
from tests.engine.running_stack import RunningStack

PAGES = {
    "today": "/",
    "tasks": "/tasks",
    "task": "/tasks/overdue-receivables",
    "task-choose": "/tasks/new",
    "task-new": "/tasks/new?job=report",
    "task-new-call": "/tasks/new?job=http_call",
    "task-edit": "/tasks/overdue-receivables/edit",
    "task-versions": "/tasks/overdue-receivables/versions",
    "task-version": "/tasks/overdue-receivables/versions/1",
    "run-now": "/tasks/overdue-receivables/runs/new",
    "task-trial": "/tasks/overdue-receivables/trial",
    "schedules": "/schedules",
    "schedule-new": "/schedules/new?task=overdue-receivables",
    "schedule": "/schedules/1",
    "schedule-edit": "/schedules/1/edit",
    "calendars": "/calendars",
    "calendar-new": "/calendars/new",
    "runs": "/runs",
    "runs-none": "/runs?state=lost",
    "run": "/runs/1",
    "run-difference": "/runs/1/difference",
    "run-failed": "/runs/{failed}",
    "deliveries": "/deliveries",
    "deliveries-none": "/deliveries?state=sending",
    "deliveries-why": "/deliveries/why?address=ayse@example.com",
    "run-parts": "/runs/1/parts",
    "queues": "/queues",
    "queue-limit": "/queues/default/limit",
    "sources": "/sources",
    "source": "/sources/demo",
    "source-queries": "/sources/demo/queries",
    "source-kit": "/sources/demo/kit",
    "source-new": "/sources/new?kind=hana",
    "source-new-url": "/sources/new?kind=sql",
    "source-edit": "/sources/demo/edit",
    "workbooks": "/workbooks",
    "workbook-new": "/workbooks/new",
    "channels": "/channels",
    "channel-new": "/channels/new?kind=sftp",
    "health": "/health",
    "account": "/account",
    "not-found": "/runs/999999",
}


@pytest.fixture(scope="package")
def failed_run(site: RunningStack) -> int:
    """A run that ended badly, so that there is something red to see."""
    with closing(sqlite3.connect(site.home / "orchestrator.sqlite", timeout=30)) as database:
        database.execute(
            "UPDATE task_definition SET settings = json_set(settings, '$.sql', ?) WHERE slug = ?",
            ('SELECT "CardNme"\nFROM "OCRD"', "stock-below-minimum"),
        )
        database.commit()
    answer = site.command("run", "stock-below-minimum", "--wait", "--json")
    assert answer.returncode == 1, answer.stderr
    run: int = json.loads(answer.stdout)["run"]
    return run


def looks_wider_than_its_window(page: Page) -> bool:
    wide: bool = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return wide


@pytest.mark.parametrize(
    ("width", "theme", "language"),
    [
        ("desktop", "light", "en"),
        ("desktop", "dark", "tr"),
        ("phone", "light", "tr"),
        ("phone", "dark", "en"),
    ],
)
def test_each_page_is_clean(
    open_browser: Open,
    password: str,
    failed_run: int,
    pictures: Path,
    watch: Watch,
    width: str,
    theme: str,
    language: str,
) -> None:
    watch.expected.append("status of 404")  # the page that is not found
    page = open_browser(width=width, theme=theme, language=language)
    problems: dict[str, object] = {}

    def look_at(name: str) -> None:
        page.screenshot(path=pictures / f"{name}-{width}-{theme}-{language}.png", full_page=True)
        found: list[str] = axe_findings(page)
        if looks_wider_than_its_window(page):
            found.append("the page is wider than its window")
        if found:
            problems[name] = found

    page.goto("/login")
    look_at("login")
    log_in(page, password)
    for name, path in PAGES.items():
        page.goto(path.format(failed=failed_run))
        page.wait_for_load_state("networkidle")
        assert page.locator("html").get_attribute("lang") == language
        look_at(name)
    assert problems == {}
