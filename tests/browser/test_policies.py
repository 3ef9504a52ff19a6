"""The waits of a retry, what runs next, a queue that is paused, and progress, in a browser."""

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.logging_in import log_in
from tests.engine.running_stack import CHECKOUT, COMMAND, RunningStack, clean_environment
from tests.support.waiting import wait_until

LOGIN = "fatma"
FIRST, NEXT = "sales-by-person", "overdue-receivables"


@pytest.fixture(scope="module")
def password(site: RunningStack) -> str:
    """Adds a person of this file's own, since few logins of one person are let in a minute."""
    password = "a long walk in the hills"
    subprocess.run(
        [*COMMAND, "user", "add", LOGIN, "--role", "author", "--password-stdin"],
        env=clean_environment() | {"ORCHESTRATOR_HOME_DIR": str(site.home)},
        cwd=CHECKOUT,
        input=password,
        text=True,
        check=True,
    )
    return password


@pytest.fixture
def page(open_browser: Open, password: str) -> Page:
    page = open_browser()
    page.goto("/login")
    log_in(page, password, LOGIN)
    return page


def test_the_waits_follow_what_is_typed(page: Page) -> None:
    page.goto(f"/tasks/{FIRST}/edit")
    expect(page.locator("#waits")).to_contain_text("after 1 minute, then after 2 minutes.")
    page.get_by_label("Attempts in all").fill("4")
    expect(page.locator("#waits")).to_contain_text("then after 4 minutes.")
    page.get_by_label("Growth").fill("0")
    expect(page.locator("#waits")).to_contain_text("once the numbers can be taken")


def test_a_task_is_chosen_that_runs_next_and_it_does(page: Page, site: RunningStack) -> None:
    page.goto(f"/tasks/{FIRST}/edit")
    page.get_by_role("heading", name="What runs next").click()
    page.get_by_role("button", name="Add a task that runs next").click()
    page.get_by_label("Run the task").select_option(NEXT)
    day = page.locator("[name=chains-0-from-as_of]")
    expect(day).to_be_visible()
    expect(page.locator("[name=chains-0-value-as_of]")).not_to_be_visible()
    day.select_option("run:scheduled_for")
    page.get_by_role("button", name="Save").last.click()
    expect(page.locator("#chains")).to_be_visible()
    first = site.json("run", FIRST, "--wait")["run"]
    page.goto(f"/runs/{first}")
    page.get_by_role("term").filter(has_text="Then ran").locator("..").get_by_role("link").click()
    expect(page.locator("main")).to_contain_text("Caused by")
    expect(page.locator("#run-ending")).to_contain_text("Succeeded")


def test_what_runs_next_can_be_chosen_without_a_script(open_browser: Open, password: str) -> None:
    page = open_browser(script=False)
    page.goto("/login")
    log_in(page, password, LOGIN)
    page.goto("/tasks/open-sales-orders/edit")
    page.get_by_role("heading", name="What runs next").click()
    page.get_by_role("button", name="Add a task that runs next").click()
    page.get_by_label("Run the task").select_option(NEXT)
    page.get_by_role("button", name="Show its parameters").click()
    page.locator("[name=chains-0-from-as_of]").select_option("value")
    page.get_by_label("Value of As of").fill("today")
    page.get_by_role("button", name="Show the waits").click()
    expect(page.get_by_label("Value of As of")).to_have_value("today")
    page.get_by_role("button", name="Remove 1").click()
    expect(page.get_by_label("Run the task")).to_have_count(0)


def test_a_queue_is_paused_and_resumed_by_keyboard(page: Page, site: RunningStack) -> None:
    page.goto("/queues")
    page.get_by_role("button", name="Pause default").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#queue-default")).to_contain_text("Paused")
    run = site.json("run", "total-risk")["run"]
    page.goto(f"/runs/{run}")
    expect(page.locator("#run-ending")).to_contain_text("because its queue is paused")
    page.get_by_role("link", name="Look at the queues").click()
    page.get_by_role("button", name="Resume default").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#queue-default")).to_contain_text("Open")
    wait_until(lambda: site.json("show", str(run))["state"] == "succeeded", "it ran after all")


@pytest.fixture
def running(site: RunningStack) -> Iterator[int]:
    """A run that is at work for as long as the test wants."""
    with closing(sqlite3.connect(site.home / "orchestrator.sqlite", timeout=30)) as database:
        database.execute("CREATE TEMP TABLE one AS SELECT * FROM run WHERE id = 1")
        database.execute(
            "UPDATE one SET id = NULL, request_key = NULL, schedule_id = NULL, state = 'running', "
            "finished_at = NULL, lease_until = '2999-01-01 00:00:00.000000', progress_done = 1, "
            "progress_total = 8, progress_text = 'rows read'"
        )
        run = database.execute("INSERT INTO run SELECT * FROM one").lastrowid
        database.commit()
        assert run is not None
        yield run
        database.execute("DELETE FROM run WHERE id = ?", [run])
        database.commit()


def test_progress_moves_while_somebody_looks(page: Page, site: RunningStack, running: int) -> None:
    for done, address in enumerate(("/runs", f"/runs/{running}", "/"), start=1):
        page.goto(address)
        expect(page.locator("main")).to_contain_text(f"{done} of 8 rows read")
        with closing(sqlite3.connect(site.home / "orchestrator.sqlite", timeout=30)) as database:
            database.execute("UPDATE run SET progress_done = ? WHERE id = ?", [done + 1, running])
            database.commit()
        expect(page.locator("main")).to_contain_text(f"{done + 1} of 8 rows read")
