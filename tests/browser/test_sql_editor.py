"""The SQL editor: written by keyboard, completed, checked, laid out, tried; and without scripts."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.editing_sql import the_editor
from tests.browser.logging_in import log_in
from tests.browser.test_calendar_journey import must_be_clean

NEW, EDIT = "/tasks/new?job=report", "/tasks/overdue-receivables/edit"
WRITTEN = 'SELECT T0."DocNum" FROM "OINV" T0'


def sql_of(page: Page) -> str:
    return page.locator("#field-sql").input_value()


def a_new_report(page: Page, password: str) -> None:
    page.goto("/login")
    log_in(page, password)
    page.goto(NEW)
    page.locator("#field-source").select_option("demo")
    the_editor(page)


def test_tables_and_columns_are_completed(open_browser: Open, password: str) -> None:
    page = open_browser()
    a_new_report(page, password)
    choices = page.locator(".cm-tooltip-autocomplete li")
    page.keyboard.type('SELECT 1 FROM "OIN')
    expect(choices.filter(has_text="OINV")).to_contain_text("A/R invoice")
    choices.filter(has_text="OINV").click()
    page.keyboard.type(" T0 WHERE T0.DocDu")
    expect(choices.filter(has_text="DocDueDate")).to_contain_text("DATE")
    choices.filter(has_text="DocDueDate").click()
    assert sql_of(page) == 'SELECT 1 FROM "OINV" T0 WHERE T0."DocDueDate"'
    page.locator("#add-parameter").click()
    page.locator("[name=parameters-0-name]").fill("due_by")
    the_editor(page).keyboard.press("Control+End")
    page.keyboard.type(" < :du")
    expect(choices).to_have_text(["due_by"])
    choices.click()
    assert sql_of(page).endswith("< :due_by")


def test_a_query_is_written_laid_out_and_tried_by_keyboard(
    open_browser: Open, password: str
) -> None:
    page = open_browser()
    a_new_report(page, password)
    page.keyboard.insert_text(WRITTEN)
    page.keyboard.press("Control+Shift+F")
    expect(page.locator("sql-editor .cm-line")).to_have_count(2)
    assert sql_of(page) == WRITTEN.replace(" FROM", "\nFROM")
    page.keyboard.press("Control+z")
    assert sql_of(page) == WRITTEN
    page.keyboard.press("Control+Enter")
    expect(page.locator(".sql-table tbody tr")).to_have_count(50)
    page.keyboard.type("?jk/")  # letters, not the keys of the page
    assert sql_of(page).count("?jk/") == 1
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.locator("#ask-check")).to_be_focused()


def test_what_is_wrong_is_marked_and_a_click_goes_there(open_browser: Open, password: str) -> None:
    page = open_browser()
    a_new_report(page, password)
    page.keyboard.insert_text('SELECT \'ş😀\' AS A,\n  T0."DocNm"\nFROM "OINV" T0')
    page.locator("#ask-check").click()
    expect(page.locator("sql-editor .cm-wrong")).to_have_text('"DocNm"')
    page.locator("#sql-answer [data-line]").click()
    page.keyboard.press("Delete")
    assert sql_of(page).splitlines()[1] == '  T0.DocNm"'
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(WRITTEN)
    page.locator("#ask-check").click()
    expect(page.locator("#sql-answer .notice--success")).to_be_visible()
    expect(page.locator("sql-editor .cm-wrong")).to_have_count(0)


def test_a_task_written_in_the_editor_is_saved_as_it_stands(
    open_browser: Open, password: str
) -> None:
    page = open_browser()
    a_new_report(page, password)
    page.keyboard.insert_text(WRITTEN)
    page.locator("#field-title").fill("Written in the editor")
    page.locator("main form .button--primary").click()
    expect(page.locator("main .sql").first).to_have_text(WRITTEN)


def test_the_editor_is_there_after_going_back(open_browser: Open, password: str) -> None:
    page = open_browser()
    page.goto("/login")
    log_in(page, password)
    page.goto("/tasks/overdue-receivables")
    for _ in range(2):
        page.locator(f'a[href="{EDIT}"]').first.click()
        expect(page.locator("sql-editor .cm-editor")).to_have_count(1)
        page.go_back()
        expect(page.locator("sql-editor")).to_have_count(0)
    page.go_forward()
    expect(page.locator("sql-editor .cm-editor")).to_have_count(1)


def test_without_scripts_the_text_field_does_it_all(open_browser: Open, password: str) -> None:
    page = open_browser(script=False)
    page.goto("/login")
    page.locator("input[name=login]").fill("admin")
    page.locator("input[name=password]").fill(password)
    page.locator("main form button[type=submit]").click()
    page.goto(NEW)
    page.locator("#field-source").select_option("demo")
    page.locator("#field-title").fill("Kept")
    page.locator("#field-sql").fill(WRITTEN)
    page.locator("#ask-format").click()
    assert sql_of(page) == WRITTEN.replace(" FROM", "\nFROM")
    page.locator("#ask-preview").click()
    expect(page.locator(".sql-table tbody tr")).to_have_count(50)
    expect(page.locator("#field-title")).to_have_value("Kept")
    page.reload()
    assert re.search(r"/tasks/new", page.url)


@pytest.mark.parametrize(
    ("width", "theme", "language"), [("desktop", "light", "en"), ("phone", "dark", "tr")]
)
def test_the_answers_are_clean(
    open_browser: Open, password: str, pictures: Path, width: str, theme: str, language: str
) -> None:
    page = open_browser(width=width, theme=theme, language=language)
    a_new_report(page, password)
    page.locator("#add-parameter").click()
    page.locator("[name=parameters-0-name]").fill("due_by")
    the_editor(page).keyboard.insert_text(f'{WRITTEN} WHERE T0."CardCode" <> :due_by')
    page.locator("#ask-preview").click()
    page.locator("[name=try-due_by]").fill("C20001")
    page.locator("#ask-preview").click()
    expect(page.locator(".sql-table tbody tr")).to_have_count(50)
    must_be_clean(page, pictures / f"sql-preview-{width}.png")
