"""The job `report`: one query, streamed to every wanted file at once, and a letter a recipient."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tasks.errors import mark
from tasks.jobs.registry import JobContext, JobResult, Letter, ReportFile, job
from tasks.jobs.values import in_words, values_of
from tasks.reports.binding import bind, told_as_written
from tasks.reports.letter import fill, one_line
from tasks.reports.parameters import ParameterDefinition, Value, definitions_of
from tasks.reports.render import Format, Layout, Renderer, open_renderer
from tasks.reports.settings import ReportSettings
from tasks.rows import ResultSet
from tasks.runs.files import publish_file
from tasks.sources.by_name import open_source

ROWS_READ = mark("rows read")


@job(
    "report", title=mark("Report"), about=mark("A query, its rows as files, and a mail with them.")
)
def report(context: JobContext, *, settings: ReportSettings) -> JobResult:
    """Run the query for the instant that was meant, and make its files and letters."""
    definitions = definitions_of(context.parameter_definitions)
    values = values_of(context, definitions)
    sql, bound = bind(settings.sql, values)
    source = open_source(settings.source, reader=context.slug)
    context.log.info("query started", extra={"source": settings.source})
    with (
        told_as_written(settings.sql, values),
        context.interrupting(source.cancel),
        source.query(sql, bound) as result,
    ):
        files, rows = _write_files(context, settings, result)
    context.log.info("files written", extra={"rows": rows, "files": len(files)})
    letters = _letters(context, settings, definitions, values, files, rows)
    reason = "" if settings.recipients else "It has no recipients, so nothing was sent."
    return JobResult(rows=rows, reason=reason, files=tuple(files), letters=tuple(letters))


def _write_files(
    context: JobContext, settings: ReportSettings, result: ResultSet
) -> tuple[list[ReportFile], int]:
    """Write every batch to every file; the files get their names when all of them are whole."""
    layout = Layout(
        title=context.title,
        language=settings.language,
        timezone=context.scheduled_for.tzinfo,
    )
    paths = {format: _path(context, format) for format in settings.formats}
    rows = 0
    with ExitStack() as stack:
        renderers = [
            stack.enter_context(_renderer(format, path, result, layout))
            for format, path in paths.items()
        ]
        for batch in result.batches():
            context.check()
            for renderer in renderers:
                renderer.write(batch)
            rows += len(batch)
            context.progress(rows, text=ROWS_READ)
    return [ReportFile(path, format.media_type, rows) for format, path in paths.items()], rows


def _path(context: JobContext, format: Format) -> Path:
    name = f"{context.slug}-{context.scheduled_for:%Y-%m-%d-%H%M}{format.suffix}"
    return context.folder / name


@contextmanager
def _renderer(
    format: Format,
    path: Path,
    result: ResultSet,
    layout: Layout,
) -> Iterator[Renderer]:
    """Open a renderer on a temporary name; leaving the block well gives the file its own."""
    temporary = path.with_name(path.name + ".part")
    with open_renderer(format, temporary, result.columns, layout) as renderer:
        yield renderer
    publish_file(temporary, path)


def _letters(
    context: JobContext,
    settings: ReportSettings,
    definitions: list[ParameterDefinition],
    values: Mapping[str, Value],
    files: list[ReportFile],
    rows: int,
) -> list[Letter]:
    words = {
        "title": context.title,
        "date": f"{context.scheduled_for:%d.%m.%Y}",
        "time": f"{context.scheduled_for:%H:%M}",
        "rows": str(rows),
        "files": ", ".join(file.path.name for file in files),
        "parameters": "\n".join(
            f"{one.title}: {in_words(values[one.name])}" for one in definitions
        ),
    }
    subject, body = one_line(fill(settings.subject, words)), fill(settings.text, words)
    return [Letter(recipient, subject, body) for recipient in settings.recipients]
