"""What only an author decides about a task: SQL, and all that a job beside the report does."""

from collections.abc import Iterable, Mapping
from typing import Any

REPORT = "report"


def authored(
    job: str, settings: Mapping[str, Any], parameters: Iterable[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Return this part of a task; two tasks with the same part differ in what editors decide.

    The settings of a job beside the report may hold a password, and where it calls.
    """
    queries = {one["name"]: _plain(one["sql"]) for one in parameters if one.get("sql")}
    if job == REPORT:
        return {"job": job, "sql": _plain(settings.get("sql", "")), "queries": queries}
    return {"job": job, "settings": dict(settings), "queries": queries}


def _plain(sql: object) -> str:
    """Return the text without what a form's control may change: line ends, and spaces around it."""
    return str(sql).replace("\r\n", "\n").strip()
