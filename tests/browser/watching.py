"""What a page does behind the picture: console, errors, requests, and what axe finds."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Watch:
    """Follows pages of one site; `expected` holds what the console may say."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.expected: list[str] = []
        self._said: list[str] = []

    def follow(self, page: Page) -> None:
        """Note everything that this page says and asks for from now on."""
        page.on("console", lambda message: self._said.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: self._said.append(f"error: {error}"))
        page.on("request", self._check_host)

    def _check_host(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and not request.url.startswith(self.address):
            self._said.append(f"request to another host: {request.url}")

    def must_be_silent(self) -> None:
        """Fail where a page said something, or asked another host."""
        said = [line for line in self._said if not any(one in line for one in self.expected)]
        assert said == []


def axe_findings(page: Page) -> list[str]:
    """Return what axe-core finds on the page as it is now, a line each."""
    page.evaluate(AXE)
    result: dict[str, Any] = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [
        f"{finding['id']}: {node['target']} {node['failureSummary']}"
        for finding in result["violations"]
        for node in finding["nodes"]
    ]
