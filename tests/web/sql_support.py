"""What the tests of the SQL editor share: a form as a browser sends it, and the demo company."""

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from tasks.sources.catalogue import forget
from tests.support.factories import a_source
from tests.unit.demo.conftest import built_in
from tests.web.conftest import Browser
from webui.places import MOST_AT_ONCE, place_at_a_source

FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}
FORM: dict[str, Any] = {
    "title": "Şubat Çıkışları",
    "slug": "",
    "description": "What left in February",
    "source": "demo",
    "recipients": "a@example.com",
    "formats": ["xlsx"],
    "language": "tr",
    "subject": "{title}",
    "text": "{rows}",
    "version": "0",
    "job": "report",
}


def a_row(number: int = 0, **values: str) -> dict[str, str]:
    """One parameter of the form."""
    row = {"name": "code", "type": "text", "label": "Kod"} | values
    return {f"parameters-{number}-{name}": value for name, value in row.items()}


def the_demo_company(home: Path, built: Path) -> None:
    """Put the demo company where the source `demo` reads it."""
    shutil.copy(built_in(built), home / "demo.duckdb")
    forget()
    a_source()


@contextmanager
def every_place_taken() -> Iterator[None]:
    """As while others wait for as many queries as this server may wait for."""
    with ExitStack() as others:
        for _ in range(MOST_AT_ONCE):
            others.enter_context(place_at_a_source())
        yield


def ask(
    browser: Browser, what: str, sql: str, *, page: str = "/tasks/new", **fields: Any
) -> TestResponse:
    """Press a button of the editor, in a browser with scripts."""
    return browser.submit(
        f"{page}/sql/{what}",
        page=f"{page}?job=report",
        headers=FRAGMENT,
        **FORM | {"sql": sql} | fields,
    )


def words_of(answer: TestResponse) -> str:
    """The text of an answer without its elements."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
