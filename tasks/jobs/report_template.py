"""The workbook template that a report fills, read when its run begins."""

from collections.abc import Sequence

from tasks.db import reading
from tasks.errors import ErrorKind, JobError, NotFound
from tasks.jobs.context import JobContext
from tasks.patience import patiently
from tasks.reports.about import Pair
from tasks.reports.render import Format
from tasks.reports.render.template import Template
from tasks.reports.settings import ReportSettings
from tasks.settings import settings as installation


def template_of(
    context: JobContext, settings: ReportSettings, values: Sequence[Pair]
) -> Template | None:
    """Return the template of a report that has one; raises JobError where it is gone."""
    if not settings.template or Format.XLSX not in settings.formats:
        return None
    seconds = installation().lease_seconds
    title, content = patiently(
        lambda: _read(settings.template), seconds=seconds, check=context.check
    )
    return Template(title, content, settings.template_table, context.scheduled_for, tuple(values))


def _read(slug: str) -> tuple[str, bytes]:
    from tasks.reports.workbooks.kept import template_named  # lxml weighs 10 MB

    try:
        with reading() as session:
            found = template_named(session, slug, with_content=True)
            return found.title, found.content
    except NotFound as error:
        raise JobError(
            "The workbook template “{slug}” is no longer there. Choose another one in the task, "
            "or upload it again under this short name.",
            kind=ErrorKind.RENDER,
            slug=slug,
        ) from error
