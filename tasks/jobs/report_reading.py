"""The one reading of a report's rows: from the source to everybody who takes them."""

from collections.abc import Iterator
from contextlib import contextmanager

from tasks.jobs.context import JobContext
from tasks.jobs.report_asked import Asked
from tasks.reports.binding import bind, told_as_written
from tasks.reports.companies import Reading
from tasks.reports.settings import ReportSettings
from tasks.reports.taking import Taker
from tasks.reports.totals import check_totals
from tasks.rows import ResultSet
from tasks.sources.by_name import source_of


def read(context: JobContext, settings: ReportSettings, asked: Asked, taker: Taker) -> None:
    """Hand every row of every reading to the taker, in the order of the source."""
    done = 0
    for one in asked.readings:
        with one.telling(), _answer(context, settings, asked, one) as result:
            check_totals(settings.totals, result.columns)
            taker.begin(result.columns, one.section(settings.language))
            for batch in result.batches():
                context.check()
                taker.write(batch)
                done += len(batch)
                context.progress(done, text=one.progress)


@contextmanager
def _answer(
    context: JobContext, settings: ReportSettings, asked: Asked, one: Reading
) -> Iterator[ResultSet]:
    """Ask the source, in the company that is read.

    What is raised within closes the connection on its way, and with it the query ends there.
    """
    context.check()
    sql, bound = bind(settings.sql, one.values)
    source = source_of(asked.source, reader=context.slug, company=one.company)
    context.log.info("query started", extra={"source": asked.source.slug, "company": one.company})
    with (
        told_as_written(settings.sql, one.values),
        context.interrupting(source.cancel),
        source.query(sql, bound) as result,
    ):
        yield result
