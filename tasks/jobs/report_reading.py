"""The one reading of a report's rows: from the source to everybody who takes them."""

from collections.abc import Iterator
from contextlib import contextmanager

from tasks.errors import JobError
from tasks.jobs.context import JobContext
from tasks.jobs.report_asked import Asked
from tasks.reports.binding import bind, told_as_written
from tasks.reports.companies import Reading
from tasks.reports.looks.resolving import check_looks
from tasks.reports.settings import ReportSettings
from tasks.reports.taking import Taker
from tasks.reports.totals import check_totals
from tasks.reports.workbooks.settings import section_of
from tasks.rows import ResultSet
from tasks.sources.by_name import source_of


def read(context: JobContext, settings: ReportSettings, asked: Asked, taker: Taker) -> int:
    """Hand every row of every reading to the taker, in the order of the source; says how many."""
    done = 0
    for one in asked.readings:
        with one.telling(), _answer(context, settings.sql, asked, one) as result:
            check_totals(settings.totals, result.columns)
            check_looks(asked.layout.looks, result.columns)
            taker.begin(result.columns, one.section(settings.language))
            done = _hand_over(context, result, taker, done, one.progress)
    return done


def read_sheets(
    context: JobContext, settings: ReportSettings, asked: Asked, taker: Taker, *, done: int
) -> None:
    """Hand the rows of the further queries over, one query after the other; `done` were before."""
    for sheet in settings.sheets:
        for one in asked.readings:
            with (
                _telling(sheet.title),
                one.telling(),
                _answer(context, sheet.sql, asked, one) as result,
            ):
                company = one.company if one.named else ""
                section = section_of(sheet.title, company, further=True)
                taker.begin(result.columns, section)
                done = _hand_over(context, result, taker, done, one.progress)


def _hand_over(
    context: JobContext, result: ResultSet, taker: Taker, done: int, progress: str
) -> int:
    """Hand over the rows of a result; returns how many were read until then, with those before."""
    for batch in result.batches():
        context.check()
        taker.write(batch)
        done += len(batch)
        context.progress(done, text=progress)
    return done


@contextmanager
def _telling(title: str) -> Iterator[None]:
    """Let an error say in which of the further queries it happened."""
    try:
        yield
    except JobError as error:
        raise JobError(
            "In the query of the sheet “{title}”: {why}",
            kind=error.kind,
            transient=error.transient,
            title=title,
            why=error.message,
        ) from error


@contextmanager
def _answer(context: JobContext, written: str, asked: Asked, one: Reading) -> Iterator[ResultSet]:
    """Ask the source what an author has written, in the company that is read.

    What is raised within closes the connection on its way, and with it the query ends there.
    """
    context.check()
    sql, bound = bind(written, one.values)
    source = source_of(asked.source, reader=context.slug, company=one.company)
    context.log.info("query started", extra={"source": asked.source.slug, "company": one.company})
    with (
        told_as_written(written, one.values),
        context.interrupting(source.cancel),
        source.query(sql, bound) as result,
    ):
        yield result
