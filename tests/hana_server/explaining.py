"""EXPLAIN PLAN: DuckDB's plan of a query as rows of HANA's table of plans."""

import json
from collections.abc import Iterator
from typing import Any

from tests.hana_server.errors import HanaError
from tests.hana_server.statements import Plan

Row = tuple[object, ...]

_NAMES = {
    "SEQ_SCAN": "COLUMN TABLE",
    "INDEX_SCAN": "COLUMN TABLE",
    "FILTER": "FILTER",
    "HASH_JOIN": "HASH JOIN",
    "HASH_GROUP_BY": "AGGREGATION",
    "UNGROUPED_AGGREGATE": "AGGREGATION",
    "ORDER_BY": "ORDER BY",
    "TOP_N": "LIMIT",
    "LIMIT": "LIMIT",
    "WINDOW": "WINDOW",
    "UNION": "UNION ALL",
}


def question(plan: Plan) -> str:
    """What to ask DuckDB; raises HanaError for a statement that is no query."""
    if not plan.reads:
        raise HanaError(7, "feature not supported: EXPLAIN PLAN of a change")
    return f"EXPLAIN (FORMAT json) {plan.statements[0]}"


def examples(plan: Plan) -> list[str]:
    """A value for each parameter: with NULL DuckDB would find that nothing is to be done."""
    days = ("DATE", "SECONDDATE", "TIMESTAMP")
    return ["2000-01-01" if kind.name in days else "1" for kind in plan.parameters]


def rows(name: str, answer: str) -> list[Row]:
    """The rows of a plan, from its root down; each knows its number, its parent and its level."""
    found: list[Row] = []
    for top in json.loads(answer):
        found += _walk(name, top, parent=None, level=1, first=len(found) + 1)
    return found


def _walk(
    name: str, node: dict[str, Any], *, parent: int | None, level: int, first: int
) -> Iterator[Row]:
    told = node.get("extra_info", {})
    number, following = first, first + 1
    yield (
        name,
        _NAMES.get(node["name"].strip(), node["name"].strip().replace("_", " ")),
        "; ".join(f"{key}: {value}" for key, value in told.items()),
        str(told.get("Table", "")).rpartition(".")[2] or None,
        int(told.get("Estimated Cardinality", 0)),
        number,
        parent,
        level,
    )
    for child in node.get("children", []):
        below = list(_walk(name, child, parent=number, level=level + 1, first=following))
        following += len(below)
        yield from below
