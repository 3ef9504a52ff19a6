"""What the Runs page weighs for a browser that has nothing yet, headers and all."""

from typing import Any

from tests.browser.conftest import Open
from tests.browser.logging_in import log_in

MOST_BYTES = 45_000


def test_the_runs_page_is_light_for_a_cold_browser(open_browser: Open, password: str) -> None:
    page = open_browser()
    page.goto("/login")
    log_in(page, password)
    session = page.context.new_cdp_session(page)
    received: list[int] = []

    def add(event: dict[str, Any]) -> None:
        received.append(int(event["encodedDataLength"]))

    session.on("Network.loadingFinished", add)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.goto("/runs")
    page.wait_for_load_state("networkidle")
    assert len(received) >= 4
    assert sum(received) <= MOST_BYTES, f"{sum(received)} bytes in {len(received)} answers"
