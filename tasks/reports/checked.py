"""The guard where a report is saved and where it runs: one rule, whoever writes the SQL."""

from collections.abc import Collection

from tasks.errors import ErrorKind, Invalid, JobError
from tasks.models import SourceKind
from tasks.reports.guard import Problem, Verdict, check
from tasks.sources.sql_text import AT

MOST_SAID = 5


def verdict_on(sql: str, *, kind: SourceKind, parameters: Collection[str] | None = None) -> Verdict:
    """Judge the SQL of a report by the kind of its source.

    PostgreSQL has functions and signs of its own, so of its SQL only that is judged which holds
    for every database: one query that begins as one, and neither writes nor locks.
    """
    return check(sql, parameters=parameters, hana=kind is not SourceKind.SQL)


def check_at_save(sql: str, *, kind: SourceKind, field: str = "sql") -> None:
    """Raise Invalid for the field with the first problems, each with its place."""
    problems = verdict_on(sql, kind=kind).problems[:MOST_SAID]
    if problems:
        first, *others = (Invalid(AT, field=field, **_told(one)) for one in problems)
        first.also = others
        raise first


def check_at_run(sql: str, *, kind: SourceKind) -> None:
    """Raise JobError with the first problem, before the source is asked."""
    for problem in verdict_on(sql, kind=kind).problems:
        raise JobError(AT, kind=ErrorKind.SQL, transient=False, **_told(problem))


def _told(problem: Problem) -> dict[str, object]:
    return {"line": problem.line, "column": problem.column, "why": problem.message}
