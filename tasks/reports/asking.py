"""A query of the SQL editor, ready for its source: judged, its values bound, its time bounded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tasks.clock import utcnow
from tasks.errors import ErrorKind, JobError
from tasks.models import SourceKind
from tasks.reports.binding import bind
from tasks.reports.guard import check
from tasks.reports.meant import Meant
from tasks.reports.parameters import ParameterDefinition, Value, accept, resolve
from tasks.settings import settings
from tasks.sources.base import Glance, Source
from tasks.sources.by_name import awake, row_of, source_of

READER = "SQL editor"


@dataclass(frozen=True, slots=True)
class Question:
    """The text as its author wrote it, what the source gets, and the values by their names."""

    source: Source
    authors: str
    sql: str
    bound: tuple[object, ...]
    values: Mapping[str, Value]


def question(
    slug: str,
    sql: str,
    definitions: Sequence[ParameterDefinition],
    values: Mapping[str, object],
    *,
    rows: int,
) -> Question:
    """Make a text into a question to the source of this name.

    `values` are as a person types them; what is missing is its default, and relative dates count
    from now. Raises Invalid for a value, JobError for the text and for a source not to be asked.
    """
    row = awake(row_of(slug))
    _judge(sql, definitions, row.kind)
    meant = Meant(utcnow().astimezone(settings().zone))
    resolved = resolve(definitions, accept(definitions, values), meant=meant)
    bound_sql, bound = bind(sql, resolved)
    glance = Glance(settings().preview_seconds, rows)
    source = source_of(row, reader=READER, glance=glance)
    return Question(source, sql, bound_sql, bound, resolved)


def _judge(sql: str, definitions: Sequence[ParameterDefinition], kind: SourceKind) -> None:
    if kind is SourceKind.SQL:
        return  # the guard knows HANA's words only; such a source takes one reading statement
    verdict = check(sql, parameters=[name for one in definitions for name in one.names])
    for problem in verdict.problems:
        raise JobError(
            "Line {line}, column {column}: {problem}",
            kind=ErrorKind.SQL,
            line=problem.line,
            column=problem.column,
            problem=problem.message,
        )
