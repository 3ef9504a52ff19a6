"""The job `report`: its rows streamed to every wanted file at once, and a letter a recipient."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tasks.clock import utcnow
from tasks.errors import mark
from tasks.jobs.from_source import source_row
from tasks.jobs.registry import JobContext, JobResult, Letter, ReportFile, job
from tasks.jobs.values import values_of
from tasks.models import Source
from tasks.reports.about import Pair, about, values_told
from tasks.reports.binding import bind, told_as_written
from tasks.reports.checked import check_at_run
from tasks.reports.companies import Reading, offering, readings
from tasks.reports.company_named import check_companies_named
from tasks.reports.files import ReportFiles
from tasks.reports.letter import fill, one_line
from tasks.reports.limits import Limits
from tasks.reports.parameters import definitions_of
from tasks.reports.render import Format, Layout
from tasks.reports.settings import ReportSettings
from tasks.reports.totals import check_totals
from tasks.rows import ResultSet
from tasks.runs.files import publish_file
from tasks.settings import settings as installation
from tasks.sources.by_name import source_of


@job(
    "report", title=mark("Report"), about=mark("A query, its rows as files, and a mail with them.")
)
def report(context: JobContext, *, settings: ReportSettings) -> JobResult:
    """Run the query for the instant that was meant, and make its files and letters."""
    row = source_row(context, settings.source)
    definitions = offering(definitions_of(context.parameter_definitions), row)
    values = values_of(context, definitions)
    check_at_run(settings.sql, kind=row.kind)
    check_companies_named(settings.sql, definitions, row)
    told = values_told(definitions, values, settings.language)
    layout = _layout(context, settings, source=row.title, values=told)
    read = readings(definitions, values, row)
    files, rows = _write_files(context, settings, layout, row, read)
    context.log.info("files written", extra={"rows": rows, "files": len(files)})
    letters = _letters(context, settings, told, files, rows)
    reason = "" if settings.recipients else "It has no recipients, so nothing was sent."
    return JobResult(rows=rows, reason=reason, files=tuple(files), letters=tuple(letters))


def _layout(
    context: JobContext, settings: ReportSettings, *, source: str, values: Sequence[Pair]
) -> Layout:
    zone = context.scheduled_for.tzinfo
    head = about(
        settings.language,
        title=context.title,
        meant_for=context.scheduled_for,
        made_at=utcnow().astimezone(zone),
        source=source,
    )
    return Layout(
        title=context.title,
        language=settings.language,
        totals=None if settings.totals is None else tuple(settings.totals),
        timezone=zone,
        about=(*head, *values),
    )


def _write_files(
    context: JobContext,
    settings: ReportSettings,
    layout: Layout,
    row: Source,
    read: Sequence[Reading],
) -> tuple[list[ReportFile], int]:
    """Write every row to every file; the files get their names when all of them are whole."""
    limits = Limits(settings.max_rows, installation().report_max_megabytes)
    paths = {format: _path(context, format) for format in settings.formats}
    parts = {_part(path): format for format, path in paths.items()}
    with ReportFiles(parts, layout, limits) as files:
        for one in read:
            with one.telling(), _answer(context, settings, row, one) as result:
                check_totals(settings.totals, result.columns)
                files.begin(result.columns, one.section(settings.language))
                _copy(context, result, files, one.progress)
        files.close()
    for path in paths.values():
        publish_file(_part(path), path)
    made = [ReportFile(path, format.media_type, files.rows) for format, path in paths.items()]
    return made, files.rows


@contextmanager
def _answer(
    context: JobContext, settings: ReportSettings, row: Source, one: Reading
) -> Iterator[ResultSet]:
    """Ask the source, in the company that is read.

    What is raised within closes the connection on its way, and with it the query ends there.
    """
    context.check()
    sql, bound = bind(settings.sql, one.values)
    source = source_of(row, reader=context.slug, company=one.company)
    context.log.info("query started", extra={"source": row.slug, "company": one.company})
    with (
        told_as_written(settings.sql, one.values),
        context.interrupting(source.cancel),
        source.query(sql, bound) as result,
    ):
        yield result


def _copy(context: JobContext, result: ResultSet, files: ReportFiles, text: str) -> None:
    for batch in result.batches():
        context.check()
        files.write(batch)
        context.progress(files.rows, text=text)


def _path(context: JobContext, format: Format) -> Path:
    name = f"{context.slug}-{context.scheduled_for:%Y-%m-%d-%H%M}{format.suffix}"
    return context.folder / name


def _part(path: Path) -> Path:
    """What a file is called until it is whole."""
    return path.with_name(path.name + ".part")


def _letters(
    context: JobContext,
    settings: ReportSettings,
    values: Sequence[Pair],
    files: list[ReportFile],
    rows: int,
) -> list[Letter]:
    words = {
        "title": context.title,
        "date": f"{context.scheduled_for:%d.%m.%Y}",
        "time": f"{context.scheduled_for:%H:%M}",
        "rows": str(rows),
        "files": ", ".join(file.path.name for file in files),
        "parameters": "\n".join(f"{title}: {value}" for title, value in values),
    }
    subject, body = one_line(fill(settings.subject, words)), fill(settings.text, words)
    return [Letter(recipient, subject, body) for recipient in settings.recipients]
