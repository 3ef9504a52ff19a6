"""What only the source of a report can tell about its parameters."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tasks.jobs.context import JobContext
from tasks.reports.parameters import ParameterDefinition, minds_periods
from tasks.reports.posting_periods import PostingPeriods, read_periods
from tasks.sources.base import Source
from tasks.sources.by_name import open_source


def periods_of(
    context: JobContext, definitions: Sequence[ParameterDefinition]
) -> PostingPeriods | None:
    """Return the posting periods, where a value depends on them and the job has a source."""
    if not _source_name(context) or not minds_periods(definitions, context.parameters):
        return None
    with _asking(context) as source:
        return read_periods(source)


@contextmanager
def _asking(context: JobContext) -> Iterator[Source]:
    """Open the source of the report; an order to stop interrupts it."""
    source = open_source(_source_name(context), reader=context.slug)
    with context.interrupting(source.cancel):
        yield source


def _source_name(context: JobContext) -> str:
    return str(context.settings.get("source") or "")
