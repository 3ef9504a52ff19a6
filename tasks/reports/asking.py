"""A query of the SQL editor, ready for its source: judged, its values bound, its time bounded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tasks.clock import utcnow
from tasks.errors import ErrorKind, JobError
from tasks.models import Source as SourceRow
from tasks.models import SourceKind
from tasks.reports.binding import bind
from tasks.reports.checked import verdict_on
from tasks.reports.chosen import chosen_values
from tasks.reports.companies import Reading, first_company, offering, readings
from tasks.reports.company_named import check_companies_named
from tasks.reports.meant import Meant
from tasks.reports.parameters import (
    ParameterDefinition,
    Value,
    accept,
    minds_periods,
    resolve,
)
from tasks.reports.posting_periods import read_periods
from tasks.settings import settings
from tasks.sources.base import Glance, Source
from tasks.sources.by_name import awake, row_of, source_of
from tasks.sources.sql_text import AT

READER = "SQL editor"


@dataclass(frozen=True, slots=True)
class Question:
    """The text as its author wrote it, what the source gets, and the values by their names."""

    source: Source
    authors: str
    sql: str
    bound: tuple[object, ...]
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text that was judged, and the company and values with which it is to be asked."""

    row: SourceRow
    authors: str
    reading: Reading
    rows: int

    def question(self, seconds: int) -> Question:
        """Make it into a question that may take so long."""
        sql, bound = bind(self.authors, self.reading.values)
        glance = Glance(seconds, self.rows)
        company = self.reading.company
        source = source_of(self.row, reader=READER, glance=glance, company=company)
        return Question(source, self.authors, sql, bound, self.reading.values)


def question(
    slug: str,
    sql: str,
    definitions: Sequence[ParameterDefinition],
    values: Mapping[str, object],
    *,
    rows: int,
    seconds: int | None = None,
) -> Question:
    """Make a text into a question to the source of this name.

    `values` are as a person types them; what is missing is its default, relative dates count from
    now, and of several companies the first is read. Raises Invalid for a value, JobError for the
    text and for a source not to be asked.
    """
    first, *_others = prepared(slug, sql, definitions, values, rows=rows, seconds=seconds)
    return first.question(seconds or settings().preview_seconds)


def prepared(
    slug: str,
    sql: str,
    definitions: Sequence[ParameterDefinition],
    values: Mapping[str, object],
    *,
    rows: int,
    seconds: int | None = None,
) -> list[Prepared]:
    """Return what a run would ask, one question a company; raises as `question`."""
    row = awake(row_of(slug))
    _judge(sql, definitions, row)
    check_companies_named(sql, definitions, row)
    glance = Glance(seconds or settings().preview_seconds, rows)
    resolved = _resolved(row, offering(definitions, row), values, glance)
    return [Prepared(row, sql, one, rows) for one in readings(definitions, resolved, row)]


def _judge(sql: str, definitions: Sequence[ParameterDefinition], row: SourceRow) -> None:
    """Raise JobError at the first thing that is wrong with the text."""
    names = [name for one in definitions for name in one.names]
    known = None if row.kind is SourceKind.SQL else names  # there `::` has a meaning of its own
    for problem in verdict_on(sql, kind=row.kind, parameters=known).problems:
        raise JobError(
            AT,
            kind=ErrorKind.SQL,
            line=problem.line,
            column=problem.column,
            why=problem.message,
        )


def _resolved(
    row: SourceRow,
    definitions: Sequence[ParameterDefinition],
    values: Mapping[str, object],
    glance: Glance,
) -> dict[str, Value]:
    kept = accept(definitions, values)
    company = first_company(definitions, kept)
    source = source_of(row, reader=READER, glance=glance, company=company)
    periods = read_periods(source) if minds_periods(definitions, kept) else None
    meant = Meant(utcnow().astimezone(settings().zone), periods=periods)
    resolved = resolve(definitions, kept, meant=meant)
    return chosen_values(source, row.kind, definitions, resolved)
