"""Pages of a report that is split, held back or compared, in each look: silent, clean for axe."""

import json
import re
import sqlite3
from contextlib import closing
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Open
from tests.browser.logging_in import log_in
from tests.browser.test_each_page import looks_wider_than_its_window
from tests.browser.watching import Watch, axe_findings
from tests.engine.running_stack import RunningStack
from tests.support.waiting import wait_until

SLUG = "supplier-balances-due"
SQL = """SELECT T1."SlpName" AS "Person", T0."CardCode" AS "Code", T0."Balance" {more} AS "Balance"
FROM "OCRD" T0 INNER JOIN "OSLP" T1 ON T1."SlpCode" = T0."SlpCode"
WHERE T0."CardType" = 'C' AND T0."CardCode" {which}"""
EVERYTHING = {
    "formats": ["xlsx", "pdf", "csv"],
    "recipients": ["finance@company.example"],
    "looks": {"groups": ["Person"], "above": ["title", "parameters"]},
    "difference": {"keys": ["Code"], "in_mail": True, "as_sheet": True},
    "charts": [{"kind": "bar", "label": "Person", "values": ["Balance"]}],
    "mail": {"html": True, "cc": ["cfo@company.example"]},
    "burst": {
        "column": "Person",
        "address_from": "lines",
        "lines": ["Ayşe Yılmaz = ayse@company.example"],
        "catch_all": ["office@company.example"],
    },
}


def ran(site: RunningStack, **settings: Any) -> int:
    """Run the task as these settings make it, to its end."""
    with closing(sqlite3.connect(site.home / "orchestrator.sqlite", timeout=30)) as database:
        database.execute(
            "UPDATE task_definition SET settings = json_patch(settings, ?), parameters = '[]'"
            " WHERE slug = ?",
            (json.dumps(settings), SLUG),
        )
        database.commit()
    answer = site.command("run", SLUG, "--wait", "--json")
    assert answer.returncode == 0, answer.stderr
    run: int = json.loads(answer.stdout)["run"]
    return run


def path_in_a_mail(site: RunningStack, run: int, pattern: str) -> str:
    """Return the path of a link in a mail of the run to its first recipient."""
    with closing(sqlite3.connect(site.home / "orchestrator.sqlite", timeout=30)) as database:
        (named,) = database.execute(
            "SELECT message_id FROM delivery WHERE run_id = ? ORDER BY id", (run,)
        ).fetchone()

    def letters() -> list[EmailMessage]:
        kept = (site.home / "mail").glob("*.eml")
        read = (message_from_bytes(one.read_bytes(), policy=policy.default) for one in kept)
        return [one for one in read if named.strip("<>") in one["Message-ID"]]

    wait_until(lambda: bool(letters()), "its mail has come")
    letter = letters()[0]
    text = letter.get_body(("plain",))
    assert text is not None
    found = re.search(pattern, f"{letter['List-Unsubscribe']} {text.get_content()}")
    assert found, text.get_content()
    return found[0]


@pytest.fixture(scope="module")
def pages(site: RunningStack) -> dict[str, str]:
    """The pages of a report with everything on: two runs that differ, and one held back."""
    order = ' ORDER BY T1."SlpName", T0."CardCode"'
    first = SQL.format(more="", which="> '120.01.0000020'") + order
    ran(site, sql=first, **EVERYTHING)
    then = SQL.format(more="* 1.1", which="< '120.01.0000090'") + order
    split = ran(site, sql=then)
    linked = path_in_a_mail(site, ran(site, mail={"attach": "link"}), r"/files/[\w.-]+")
    held = ran(site, condition={"kind": "no_rows"})
    return {
        "report-edit": f"/tasks/{SLUG}/edit",
        "report-task": f"/tasks/{SLUG}",
        "report-split": f"/runs/{split}",
        "report-parts": f"/runs/{split}/parts",
        "report-different": f"/runs/{split}/difference",
        "report-held-back": f"/runs/{held}",
        "report-held-back-deliveries": f"/deliveries?run={held}",
        "report-files-by-link": linked,
        "report-files-by-a-wrong-link": linked[:-1],
        "report-unsubscribe": path_in_a_mail(site, split, r"/unsubscribe/[\w.-]+"),
        "report-held-back-why": "/deliveries/why?address=finance@company.example",
    }


@pytest.mark.parametrize(
    ("width", "theme", "language"),
    [
        ("desktop", "light", "tr"),
        ("desktop", "dark", "en"),
        ("phone", "light", "en"),
        ("phone", "dark", "tr"),
    ],
)
def test_each_state_of_a_report_is_clean(
    pages: dict[str, str],
    open_browser: Open,
    password: str,
    pictures: Path,
    watch: Watch,
    width: str,
    theme: str,
    language: str,
) -> None:
    watch.expected.append("status of 404")  # the link that does not work
    page = open_browser(width=width, theme=theme, language=language)
    page.goto("/login")
    log_in(page, password)
    problems: dict[str, object] = {}
    for name, path in pages.items():
        page.goto(path)
        page.wait_for_load_state("networkidle")
        if name == "report-edit":  # each folded part as it is when it is open
            page.evaluate(
                "document.querySelectorAll('main details').forEach(one => one.open = true)"
            )
        page.screenshot(path=pictures / f"{name}-{width}-{theme}-{language}.png", full_page=True)
        found: list[str] = axe_findings(page)
        if looks_wider_than_its_window(page):
            found.append("the page is wider than its window")
        if found:
            problems[name] = found
    assert problems == {}, json.dumps(problems, indent=1)
