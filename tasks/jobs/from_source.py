"""What only the source of a report can tell about its parameters."""

from collections.abc import Mapping, Sequence

from tasks.jobs.context import JobContext
from tasks.models import Source
from tasks.patience import patiently
from tasks.reports.chosen import chosen_values, needs_source
from tasks.reports.companies import first_company
from tasks.reports.parameters import ParameterDefinition, Value, minds_periods
from tasks.reports.posting_periods import PostingPeriods, read_periods
from tasks.settings import settings
from tasks.sources.by_name import row_of, source_of


def source_row(context: JobContext, slug: str) -> Source:
    """Return what is kept of a source, also when our own database is away for a moment."""
    seconds = settings().lease_seconds
    return patiently(lambda: row_of(slug), seconds=seconds, check=context.check)


def periods_of(
    context: JobContext, definitions: Sequence[ParameterDefinition]
) -> PostingPeriods | None:
    """Return the posting periods, where a value depends on them and the job has a source."""
    if not _source_name(context) or not minds_periods(definitions, context.parameters):
        return None
    row = source_row(context, _source_name(context))
    company = first_company(definitions, context.parameters)
    source = source_of(row, reader=context.slug, company=company)
    with context.interrupting(source.cancel):
        return read_periods(source)


def looked_up(
    context: JobContext,
    definitions: Sequence[ParameterDefinition],
    values: Mapping[str, Value],
) -> dict[str, Value]:
    """Return the values with what was chosen from a query as the source has it."""
    if not _source_name(context) or not needs_source(definitions, values):
        return dict(values)
    row = source_row(context, _source_name(context))
    source = source_of(row, reader=context.slug, company=first_company(definitions, values))
    with context.interrupting(source.cancel):
        return chosen_values(source, row.kind, definitions, values)


def _source_name(context: JobContext) -> str:
    return str(context.settings.get("source") or "")
