"""The job `report`: one query, streamed to every wanted file at once, and a letter a recipient."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tasks.clock import utcnow
from tasks.errors import mark
from tasks.jobs.registry import JobContext, JobResult, Letter, ReportFile, job
from tasks.jobs.values import values_of
from tasks.reports.about import Pair, about, values_told
from tasks.reports.binding import bind, told_as_written
from tasks.reports.checked import check_at_run
from tasks.reports.letter import fill, one_line
from tasks.reports.limits import Limits
from tasks.reports.parameters import definitions_of
from tasks.reports.render import Format, Layout, Renderer, open_renderer
from tasks.reports.settings import ReportSettings
from tasks.reports.totals import check_totals
from tasks.rows import ResultSet
from tasks.runs.files import publish_file
from tasks.settings import settings as installation
from tasks.sources.by_name import row_of, source_of

ROWS_READ = mark("rows read")


@job(
    "report", title=mark("Report"), about=mark("A query, its rows as files, and a mail with them.")
)
def report(context: JobContext, *, settings: ReportSettings) -> JobResult:
    """Run the query for the instant that was meant, and make its files and letters."""
    definitions = definitions_of(context.parameter_definitions)
    values = values_of(context, definitions)
    sql, bound = bind(settings.sql, values)
    row = row_of(settings.source)
    check_at_run(settings.sql, kind=row.kind)
    told = values_told(definitions, values, settings.language)
    layout = _layout(context, settings, source=row.title, values=told)
    source = source_of(row, reader=context.slug)
    context.log.info("query started", extra={"source": settings.source})
    with (
        told_as_written(settings.sql, values),
        context.interrupting(source.cancel),
        source.query(sql, bound) as result,
    ):
        files, rows = _write_files(context, settings, layout, result)
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
    context: JobContext, settings: ReportSettings, layout: Layout, result: ResultSet
) -> tuple[list[ReportFile], int]:
    """Write every batch to every file; the files get their names when all of them are whole.

    What is raised here closes the connection on its way, and with it the query ends at the source.
    """
    check_totals(settings.totals, result.columns)
    limits = Limits(settings.max_rows, installation().report_max_megabytes)
    paths = {format: _path(context, format) for format in settings.formats}
    with ExitStack() as stack:
        renderers = {
            _part(path): stack.enter_context(_renderer(format, path, result, layout))
            for format, path in paths.items()
        }
        rows = _copy(context, result, renderers, limits)
    return [ReportFile(path, format.media_type, rows) for format, path in paths.items()], rows


def _copy(
    context: JobContext, result: ResultSet, renderers: dict[Path, Renderer], limits: Limits
) -> int:
    """Write all rows, and end the files; returns how many rows there were."""
    rows = 0
    for batch in result.batches():
        context.check()
        rows += len(batch)
        limits.check_rows(rows)
        for renderer in renderers.values():
            renderer.write(batch)
        limits.check_files(renderers)
        context.progress(rows, text=ROWS_READ)
    for renderer in renderers.values():
        renderer.close()
    limits.check_files(renderers)
    return rows


def _path(context: JobContext, format: Format) -> Path:
    name = f"{context.slug}-{context.scheduled_for:%Y-%m-%d-%H%M}{format.suffix}"
    return context.folder / name


def _part(path: Path) -> Path:
    """What a file is called until it is whole."""
    return path.with_name(path.name + ".part")


@contextmanager
def _renderer(
    format: Format,
    path: Path,
    result: ResultSet,
    layout: Layout,
) -> Iterator[Renderer]:
    """Open a renderer on a temporary name; leaving the block well gives the file its own."""
    with open_renderer(format, _part(path), result.columns, layout) as renderer:
        yield renderer
    publish_file(_part(path), path)


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
