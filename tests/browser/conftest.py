"""A real stack, as `orchestrator up` starts it, and Debian's Chromium to look at it with."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.watching import Watch
from tests.engine.running_stack import RunningStack, running_stack

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}

PATIENCE_MS = 30_000
"""How long a page may take on a machine that has other work, for a click and for a fact alike."""

Open = Callable[..., Page]


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """The product with the demo company, its first report mailed, and a second beat."""
    with running_stack(tmp_path_factory.mktemp("site") / "var") as stack:
        stack.wait_for(r"^  mail   /")
        yield stack


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    program = shutil.which("chromium")
    assert program, "Chromium is missing; on Debian: apt install chromium"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def watch(site: RunningStack) -> Iterator[Watch]:
    """Notes what the console says and whom the pages call; fails the test at its end for both."""
    watching = Watch(f"http://127.0.0.1:{site.port}")
    yield watching
    watching.must_be_silent()


@pytest.fixture
def open_browser(site: RunningStack, chromium: Browser, watch: Watch) -> Iterator[Open]:
    """`open_browser(width="phone", theme="dark", language="tr")` returns a page of a guest."""
    contexts: list[BrowserContext] = []

    def opened(
        *, width: str = "desktop", theme: str = "light", language: str = "en", script: bool = True
    ) -> Page:
        x, y = WIDTHS[width]
        context = chromium.new_context(
            base_url=watch.address,
            viewport={"width": x, "height": y},
            color_scheme="dark" if theme == "dark" else "light",
            locale="tr-TR" if language == "tr" else "en-GB",
            java_script_enabled=script,
            timezone_id="Europe/Istanbul",
            accept_downloads=True,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        watch.follow(page)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def password(site: RunningStack) -> str:
    """The password that the first start wrote down."""
    lines = (site.home / "login.txt").read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines)["password"]


@pytest.fixture(scope="package")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the PNGs go: ORCHESTRATOR_TEST_PICTURES, or a folder of this session."""
    named = os.environ.get("ORCHESTRATOR_TEST_PICTURES")
    folder = Path(named) if named else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
