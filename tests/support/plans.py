"""How the database would do what the product asks, statement by statement, while it is asked."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event

BIG = ("run", "run_event", "attempt", "delivery", "schedule")
"""The tables that grow with the years."""
STEPS_AT_ONCE = 100
READS = re.compile(rf"^\s*(WITH|SELECT|UPDATE|DELETE)\b.*\b({'|'.join(BIG)})\b", re.S)


@dataclass(slots=True)
class Plan:
    """A statement, what the database reads for it, and which of its tables it reads as a whole."""

    statement: str
    steps: list[str]
    scans: list[str]
    cost: int = 0
    """Hundreds of SQLite's steps, or pages that PostgreSQL read to find the rows."""

    def __str__(self) -> str:
        return "\n    ".join([" ".join(self.statement.split()), *self.steps, f"cost {self.cost}"])


@contextmanager
def plans_of(engine: Engine) -> Iterator[list[Plan]]:
    """Collect the plan of every statement on the big tables that runs while the block does."""
    found: list[Plan] = []
    explain = _explain_sqlite if engine.dialect.name == "sqlite" else _explain_postgresql

    def before(
        connection: Connection, _cursor: Any, statement: str, given: Any, _context: Any, many: bool
    ) -> None:
        driver: Any = connection.connection.dbapi_connection
        if engine.dialect.name == "sqlite":
            driver.set_progress_handler(None, 0)
        if READS.match(statement):
            plan = explain(driver, statement, given[0] if many else given)
            found.append(plan)
            if engine.dialect.name == "sqlite":
                driver.set_progress_handler(_counting(plan), STEPS_AT_ONCE)

    event.listen(engine, "before_cursor_execute", before)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", before)


def _counting(plan: Plan) -> Any:
    def count() -> int:
        plan.cost += 1
        return 0

    return count


def _explain_sqlite(driver: sqlite3.Connection, statement: str, parameters: Any) -> Plan:
    indexes = driver.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'").fetchall()
    partial = {name for name, sql in indexes if sql and " WHERE " in sql}
    rows = driver.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
    steps = [str(row[3]) for row in rows]
    scans = [step for step in steps if _reads_all(step, partial)]
    return Plan(statement, steps, scans)


def _reads_all(step: str, partial: set[str]) -> bool:
    """Whether a big table is read from end to end, be it by an index that holds all its rows."""
    found = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step)
    return found is not None and found[1] in BIG and found[2] not in partial


def _explain_postgresql(driver: Any, statement: str, parameters: Any) -> Plan:
    """Do it, count the pages, and take it back."""
    with driver.transaction(force_rollback=True), driver.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", parameters)
        top = cursor.fetchone()[0][0]["Plan"]
        cursor.execute("SELECT indexname FROM pg_indexes WHERE indexdef LIKE '% WHERE %'")
        partial = {name for (name,) in cursor.fetchall()}
    nodes = list(_nodes(top))
    reading = top["Plans"] if top["Node Type"] == "ModifyTable" else [top]
    pages = sum(node["Shared Hit Blocks"] + node["Shared Read Blocks"] for node in reading)
    scans = [_in_words(node) for node in nodes if _scans(node, partial)]
    return Plan(statement, [_in_words(node) for node in nodes], scans, pages)


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _nodes(child)


def _scans(node: dict[str, Any], partial: set[str]) -> bool:
    if node["Node Type"] == "Seq Scan":
        return node["Relation Name"] in BIG
    name = node.get("Index Name")
    return name is not None and name not in partial and "Index Cond" not in node


def _in_words(node: dict[str, Any]) -> str:
    words = (node.get(name) for name in ("Relation Name", "Index Name", "Index Cond", "Filter"))
    return " | ".join([node["Node Type"], *(str(word) for word in words if word)])
