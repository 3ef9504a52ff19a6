"""A report that is split, over a demo company with a few rows."""

from pathlib import Path
from typing import Any

import duckdb

from tasks.jobs.context import JobResult
from tasks.jobs.registry import find_job
from tests.support.jobs import a_context

SQL = 'SELECT "Region", "N", "Mail" FROM "T"'
BURST: dict[str, Any] = {"column": "Region", "address_column": "Mail"}
LINES = {
    "column": "Region",
    "address_from": "lines",
    "lines": ["Marmara = ayse@example.com, ali@example.com", "Ege = can@example.com"],
}
ROWS = [
    ("Marmara", 1, "ayse@example.com"),
    ("Ege", 2, "can@example.com"),
    ("Marmara", 3, "ayse@example.com"),
    ("Akdeniz", 4, None),
    (None, 5, None),
]


def company(home: Path, rows: list[tuple[Any, ...]] | None = None) -> None:
    """Fill the table T with rows of a region, a number and an address."""
    with duckdb.connect(home / "demo.duckdb") as demo:
        demo.execute("CREATE SCHEMA IF NOT EXISTS SBODEMOTR")
        demo.execute('CREATE TABLE SBODEMOTR."T" ("Region" VARCHAR, "N" INT, "Mail" VARCHAR)')
        demo.executemany('INSERT INTO SBODEMOTR."T" VALUES (?, ?, ?)', rows or ROWS)


def split(home: Path, burst: dict[str, Any], **settings: Any) -> JobResult:
    """Run the report in a folder of its own."""
    return find_job("report").perform(a_context(home / "made", **given(burst, **settings)))


def given(burst: dict[str, Any], only_to: str | None = None, **settings: Any) -> dict[str, Any]:
    """Return what the context of the report gets."""
    least = {"source": "demo", "sql": SQL, "formats": ["csv"], "burst": burst}
    return {"settings": least | settings, "only_to": only_to}


def texts(result: JobResult) -> dict[str, str]:
    """Return the text of each file by its part."""
    return {one.part: one.path.read_text("utf-8-sig") for one in result.files}
