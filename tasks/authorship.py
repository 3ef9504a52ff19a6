"""What only an author decides about a task: SQL, what it reads, and what other jobs do."""

from collections.abc import Iterable, Mapping
from typing import Any

from tasks.reports.bursting.presets import QUERIES as ADDRESS_QUERIES
from tasks.reports.choice_presets import QUERIES
from tasks.reports.parameters.types import OF_COMPANIES

REPORT = "report"


def authored(job: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return this part of a task's settings; where it is the same, an editor may have changed it.

    SQL belongs to the source that its author wrote it for. The settings of a job beside the report
    may hold a password, and where it calls.
    """
    if job == REPORT:
        sql = _plain(settings.get("sql", ""))
        return {"job": job, "sql": sql, "source": settings.get("source", "") if sql else ""}
    return {"job": job, "settings": dict(settings)}


def adds_query(queries: Iterable[str], kept: Iterable[str]) -> bool:
    """Whether one of these queries is neither ready nor there already."""
    known = {_plain(one) for one in (*kept, *QUERIES.values(), *ADDRESS_QUERIES.values())}
    return not known.issuperset(_plain(one) for one in queries if _plain(one))


def queries_of(parameters: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the queries by which parameters find their choices."""
    return [one["sql"] for one in parameters if one.get("sql")]


def further_queries(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return the SQL of a report beside its own, by the setting that it stands in."""
    burst, sheets = settings.get("burst") or {}, settings.get("sheets") or ()
    queries = {f"sheets.{n}.sql": one.get("sql") or "" for n, one in enumerate(sheets)}
    queries["burst.query"] = burst.get("query") or ""
    return {field: sql for field, sql in queries.items() if sql}


def adds_further_query(settings: Mapping[str, Any], kept: Mapping[str, Any]) -> bool:
    """Whether a report gets SQL beside its own that is neither ready nor there already."""
    return adds_query(further_queries(settings).values(), further_queries(kept).values())


def choices_of_companies(parameters: Iterable[Mapping[str, Any]]) -> list[Any]:
    """Return how companies are chosen; where it is the same, an editor may have changed it.

    Another name, type or duty would let a run read the source's own schema instead.
    """
    return [
        (one["name"], one["type"], one.get("required", True), sorted(one.get("choices", ())))
        for one in parameters
        if one.get("type") in OF_COMPANIES
    ]


def _plain(sql: object) -> str:
    """Return the text without what a form's control may change: line ends, and spaces around it."""
    return str(sql).replace("\r\n", "\n").strip()
