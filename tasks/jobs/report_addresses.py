"""The addresses of a report's parts, found before its rows are asked for."""

from tasks.jobs.context import JobContext
from tasks.jobs.report_asked import Asked
from tasks.reports.binding import bind, told_as_written
from tasks.reports.bursting.book import Book, BookOfRows, book_of_typed
from tasks.reports.bursting.settings import AddressFrom, BurstSettings
from tasks.reports.checked import check_at_run
from tasks.reports.companies import Reading
from tasks.sources.by_name import source_of


def book_of(context: JobContext, burst: BurstSettings, asked: Asked) -> Book:
    """Return the addresses by part; empty where they stand beside the rows themselves."""
    if burst.address_from is AddressFrom.LINES:
        return book_of_typed(burst.lines)
    if burst.address_from is AddressFrom.COLUMN:
        return {}
    check_at_run(burst.query, kind=asked.source.kind)
    found = BookOfRows()
    for one in asked.readings:
        with one.telling():
            _read(context, burst.query, asked, one, found)
    context.log.info("addresses read", extra={"keys": len(found.book)})
    return found.book


def _read(
    context: JobContext, query: str, asked: Asked, reading: Reading, found: BookOfRows
) -> None:
    context.check()
    sql, bound = bind(query, reading.values)
    source = source_of(asked.source, reader=context.slug, company=reading.company)
    with (
        told_as_written(query, reading.values),
        context.interrupting(source.cancel),
        source.query(sql, bound) as result,
    ):
        found.begin(result.columns)
        for batch in result.batches():
            context.check()
            found.write(batch, reading.company if reading.named else "")
