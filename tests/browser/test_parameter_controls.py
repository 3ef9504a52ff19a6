"""The controls of parameters: by keyboard alone, clean for axe, and what is chosen is what runs."""

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
TASK = "open-sales-orders"
SQL = "SELECT :m_from AS A, :span_to AS B FROM DUMMY WHERE 'b' IN (:kinds)"
PARAMETERS = [
    {"name": "m", "type": "month", "label": "Month", "default": "last_month"},
    {"name": "span", "type": "date_range", "label": "Days", "default": "first_of_month/today"},
    {"name": "kinds", "type": "multi_choice", "label": "Kinds", "choices": ["a", "b", "c"]},
    {"name": "since", "type": "since_last_success", "label": "Changes"},
]


@pytest.fixture
def task(site: RunningStack) -> str:
    """A ready task with parameters of every type that has more than one control."""
    with closing(sqlite3.connect(site.home / "orchestrator.sqlite", timeout=30)) as database:
        database.execute(
            "UPDATE task_definition SET settings = json_set(settings, '$.sql', ?), parameters = ?"
            " WHERE slug = ?",
            (SQL, json.dumps(PARAMETERS), TASK),
        )
        database.commit()
    return TASK


def tab_to(page: Page, control: str) -> None:
    for _ in range(60):
        if page.evaluate("document.activeElement.name") == control:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {control}")


@pytest.mark.parametrize(
    ("width", "theme", "language"), [("desktop", "light", "en"), ("phone", "dark", "tr")]
)
def test_parameters_are_given_by_keyboard(
    open_browser: Open,
    password: str,
    pictures: Path,
    watch: Watch,
    task: str,
    width: str,
    theme: str,
    language: str,
) -> None:
    watch.expected.append("422")  # the browser's own word about a form that is refused
    page = open_browser(width=width, theme=theme, language=language)
    page.goto("/login")
    log_in(page, password)
    page.goto(f"/tasks/{task}/runs/new")
    must_be_clean(page, pictures / f"parameters-{width}.png")
    page.goto(f"/tasks/{task}/runs/new")  # anew, without what the check has left
    page.locator("#field-parameters-m").focus()
    page.keyboard.press("ArrowUp")
    tab_to(page, "parameters-span-first")
    page.keyboard.type("yesterday")
    tab_to(page, "parameters-kinds")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.locator("input[name=parameters-span-first]").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("soon")
    page.keyboard.press("Enter")
    expect(page.locator("#error-parameters-span")).to_be_visible()
    expect(page.locator("input[name=parameters-span-first]")).to_have_value("soon")
    expect(page.locator("#field-parameters-m")).to_have_value("this_month")
    expect(page.locator("input[name=parameters-kinds][value=b]")).to_be_checked()
    must_be_clean(page, pictures / f"parameters-refused-{width}.png")
    page.locator("input[name=parameters-span-first]").fill("yesterday")
    page.keyboard.press("Enter")
    expect(page.locator("#run-ending")).to_contain_text(ENDED[language])
    page.goto(f"/tasks/{task}/runs/new")
    expect(page.locator(".parameter-sets")).to_contain_text("Days: yesterday/today, Kinds: b")
