"""One person's morning: define a report, schedule it, run it, watch it, take the file, leave."""

import re
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tasks.clock import utcnow
from tests.browser.conftest import Open
from tests.browser.editing_sql import the_editor
from tests.browser.logging_in import log_in
from tests.browser.people import a_person
from tests.engine.running_stack import CHECKOUT, COMMAND, RunningStack, clean_environment
from tests.support.waiting import wait_until

SQL = """SELECT "CardCode" AS "Customer", "CardName" AS "Name", "Balance"
FROM "OCRD" WHERE "CardType" = 'C' AND "Balance" > :more_than ORDER BY "CardCode\""""


AUTHOR = "ayse"


def runs_of(site: RunningStack, slug: str, trigger_is_schedule: bool) -> list[dict[str, Any]]:
    """Return the runs of a task that a schedule promised, or that a person did."""
    found = []
    for run in site.json("runs", "--task", slug):
        whole_minute = run["scheduled_for"][17:26] in ("00+03:00", "00Z")
        if whole_minute == trigger_is_schedule:
            found.append(run)
    return found


@pytest.fixture
def author(site: RunningStack) -> str:
    """Adds a person who may write reports, and returns the password."""
    return a_person(site, AUTHOR, "author")


@pytest.fixture
def second_beat(site: RunningStack) -> Iterator[None]:
    """Another scheduler beside the stack's own, by mistake."""
    environment = clean_environment() | {"ORCHESTRATOR_HOME_DIR": str(site.home)}
    beat = subprocess.Popen(
        [*COMMAND, "beat"],
        env=environment,
        cwd=CHECKOUT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield
    beat.terminate()
    beat.wait(timeout=20)


def test_a_morning_of_an_author(
    site: RunningStack, second_beat: None, open_browser: Open, author: str, tmp_path: Path
) -> None:
    page = open_browser()
    page.goto("/tasks")
    log_in_and_return(page, author)
    page.evaluate("window.sinceTheLastReload = 1")

    page.get_by_role("link", name="New task").click()
    page.get_by_role("link", name=re.compile("^Report")).click()
    page.get_by_label("Title", exact=True).fill("Journey report")
    page.get_by_label("Source", exact=True).select_option(label="Demo company")
    the_editor(page).keyboard.insert_text(SQL)
    page.get_by_role("button", name="Add a parameter").click()
    page.get_by_label("Name", exact=True).fill("more_than")
    page.get_by_label("Type", exact=True).select_option(label="Decimal number")
    page.get_by_label("Default").fill("0")
    page.locator("#field-recipients").fill("ayse@company.example")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Journey report", level=1)).to_be_visible()
    assert page.url.endswith("/tasks/journey-report")

    page.get_by_role("link", name="New schedule").first.click()
    page.locator("input[name=pattern][value=cron]").check()
    page.locator("input[name=cron]").fill("* * * * *")
    page.locator("input[name=name]").fill("Every minute")
    expect(page.locator("#preview li")).to_have_count(5)
    asked_at = utcnow()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Every minute").first).to_be_visible()
    made_at = utcnow()

    page.get_by_role("link", name="Tasks", exact=True).first.click()
    page.get_by_role("link", name="Journey report", exact=True).click()
    page.get_by_role("link", name="Run now: Journey report").click()
    page.get_by_role("button", name="Run now", exact=True).click()
    expect(page).to_have_url(re.compile(r"/runs/\d+$"))
    expect(page.locator("main")).to_contain_text("Succeeded")
    expect(page.locator("main")).to_contain_text("Delivered")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download").first.click()
    saved = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(saved)
    assert saved.name.startswith("journey-report-")
    assert page.evaluate("window.sinceTheLastReload") == 1

    page.go_back()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Run")
    page.go_forward()
    expect(page.get_by_role("link", name=saved.name).first).to_be_visible()

    wait_until(lambda: runs_of(site, "journey-report", True), "the schedule fires", seconds=75)
    instants = [run["scheduled_for"] for run in runs_of(site, "journey-report", True)]
    assert len(instants) == len(set(instants))
    first = datetime.fromisoformat(min(instants))
    assert asked_at < first <= made_at + timedelta(minutes=1)
    assert saved.read_bytes() in attachments(site.home / "mail")

    page.get_by_role("button", name="Türkçe").click()
    expect(page.locator("html")).to_have_attribute("lang", "tr")
    expect(page.locator("main")).to_contain_text("Başarılı")
    page.get_by_role("button", name="Çıkış").or_(
        page.get_by_role("button", name="Oturumu kapat")
    ).click()
    expect(page.locator("input[name=password]")).to_be_visible()


def log_in_and_return(page: Page, password: str) -> None:
    """A page asked for before the login is the one that the login leads to."""
    page.locator("input[name=login]").fill(AUTHOR)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/tasks$"))


def attachments(folder: Path) -> list[bytes]:
    """Return every file that was mailed so far."""
    letters = [
        message_from_bytes(one.read_bytes(), policy=policy.default) for one in folder.glob("*.eml")
    ]
    return [part.get_content() for letter in letters for part in letter.iter_attachments()]


def test_the_pages_work_without_javascript(
    site: RunningStack, open_browser: Open, password: str
) -> None:
    page = open_browser(script=False)
    page.goto("/")
    log_in(page, password)
    page.goto("/tasks/total-risk/runs/new")
    page.get_by_role("button", name="Run now", exact=True).click()
    expect(page).to_have_url(re.compile(r"/runs/\d+$"))
    run = page.url.rpartition("/")[2]
    wait_until(lambda: site.json("show", run)["state"] == "succeeded", "it has run")
    page.reload()
    expect(page.locator("main")).to_contain_text("Succeeded")
    page.goto("/runs")
    page.locator("input[type=search]").fill("risk")
    page.locator("input[type=search]").press("Enter")
    expect(page.locator("main")).to_contain_text("Total risk")
    assert "risk" in page.url


def test_a_session_by_keyboard_alone(site: RunningStack, open_browser: Open, password: str) -> None:
    page = open_browser()
    page.goto("/login")
    expect(page.locator("input[name=login]")).to_be_focused()
    page.keyboard.type("admin")
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/$"))
    page.goto("/runs")
    page.keyboard.press("/")
    expect(page.locator("input[type=search]")).to_be_focused()
    page.keyboard.type("receivables")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("receivables"))
    others = page.locator("#run-rows tbody tr").filter(has_not_text="receivables")
    expect(others).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("input[type=search]")).not_to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("main a:focus")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/runs/\d+$"))
    expect(page.locator("#run-ending")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).not_to_be_visible()
