"""A code is found by its name: by keyboard alone, clean for axe, and without a script by a page."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tasks.reports.choice_presets import QUERIES, Preset
from tests.browser.conftest import Open
from tests.browser.logging_in import log_in
from tests.browser.test_calendar_journey import must_be_clean
from tests.engine.running_stack import RunningStack

TASK = "open-sales-orders"
SQL = 'SELECT "SlpName" FROM OSLP WHERE "SlpCode" IN (:people) OR :customer IS NULL'
PARAMETERS = [
    {
        "name": "customer",
        "type": "choice_sql",
        "label": "Customer",
        "sql": QUERIES[Preset.CUSTOMER],
    },
    {
        "name": "people",
        "type": "multi_choice_sql",
        "label": "Sales people",
        "sql": QUERIES[Preset.SALES_PERSON],
    },
]
ENDED = {"en": "Succeeded", "tr": "Başarılı"}


@pytest.fixture
def form(site: RunningStack) -> str:
    """The form of a ready task whose parameters are chosen from what the source has."""
    with closing(sqlite3.connect(site.home / "orchestrator.sqlite", timeout=30)) as database:
        database.execute(
            "UPDATE task_definition SET settings = json_set(settings, '$.sql', ?), parameters = ?"
            " WHERE slug = ?",
            (SQL, json.dumps(PARAMETERS), TASK),
        )
        database.commit()
    return f"/tasks/{TASK}/runs/new"


def find(page: Page, control: str, text: str, label: str) -> None:
    """Type a part of a name, and wait for a choice of this name."""
    page.locator(f"#field-parameters-{control}").press_sequentially(text)
    expect(page.locator(f"#popup-{control} [role=option]").first).to_contain_text(label)


@pytest.mark.parametrize(
    ("width", "theme", "language"), [("desktop", "light", "en"), ("phone", "dark", "tr")]
)
def test_a_code_is_found_by_its_name_by_keyboard(
    open_browser: Open,
    password: str,
    pictures: Path,
    form: str,
    width: str,
    theme: str,
    language: str,
) -> None:
    page = open_browser(width=width, theme=theme, language=language)
    page.goto("/login")
    log_in(page, password)
    page.goto(f"/tasks/{TASK}")
    page.locator(f"main a[href='{form}']").first.click()  # boosted: the page stays the same one
    customer = page.locator("#field-parameters-customer")
    find(page, "customer", "ISIK ev", "Işık Ev")
    expect(customer).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    marked = page.locator("#popup-customer [aria-selected=true]")
    expect(customer).to_have_attribute("aria-activedescendant", marked.get_attribute("id") or "")
    must_be_clean(page, pictures / f"choices-{width}.png")
    code = marked.get_attribute("data-value") or ""
    page.keyboard.press("Enter")
    expect(customer).to_have_value(code)
    expect(page.locator("#popup-customer")).to_be_hidden()
    page.keyboard.press("Tab")
    people = page.locator("#field-parameters-people")
    expect(people).to_be_focused()
    page.keyboard.press("ArrowDown")  # without a letter, all of them
    expect(page.locator("#popup-people [role=option]").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#popup-people")).to_be_hidden()
    find(page, "people", "ayse", "Ayşe Yılmaz")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(people).to_have_value("1, ")
    find(page, "people", "koc", "Emre Koç")
    page.locator("#popup-people [role=option]").first.click()
    expect(people).to_have_value("1, 6, ")
    expect(people).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#run-ending")).to_contain_text(ENDED[language])


def test_without_a_script_the_list_is_a_page(open_browser: Open, password: str, form: str) -> None:
    page = open_browser(script=False)
    page.goto("/login")
    log_in(page, password)
    page.goto(form)
    page.locator("a[href$='/choices/customer']").click()
    page.locator("main input[name=q]").fill("ışık ev")
    page.locator("main form[role=search] button").click()
    row = page.locator("tbody tr").first
    code = row.locator("code").inner_text()
    row.locator("a").click()
    expect(page.locator("#field-parameters-customer")).to_have_value(code)


@pytest.mark.parametrize(("width", "theme"), [("desktop", "light"), ("phone", "dark")])
def test_a_ready_query_is_filled_in_beside_its_parameter(
    open_browser: Open, password: str, pictures: Path, form: str, width: str, theme: str
) -> None:
    page = open_browser(width=width, theme=theme)
    page.goto("/login")
    log_in(page, password)
    page.goto(f"/tasks/{TASK}/edit")
    page.locator("#add-parameter").click()
    query = page.locator("#field-parameters-2-sql")
    expect(query).to_be_hidden()
    page.locator("#field-parameters-2-type").select_option("choice_sql")
    page.locator("select[name=parameters-2-preset]").select_option("warehouse")
    page.locator("#fill-parameter-2").click()
    expect(query).to_have_value(QUERIES[Preset.WAREHOUSE])
    expect(page.locator("#field-parameters-2-name")).to_have_value("warehouse")
    must_be_clean(page, pictures / f"ready-query-{width}.png")
