"""The letters of a report: one a recipient, with its words filled in."""

from collections.abc import Sequence

from tasks.jobs.context import JobContext, Letter, ReportFile
from tasks.jobs.report_asked import Asked
from tasks.reports.letter import fill, one_line
from tasks.reports.settings import ReportSettings


def letters_of(
    context: JobContext,
    settings: ReportSettings,
    asked: Asked,
    files: Sequence[ReportFile],
    rows: int,
) -> list[Letter]:
    """Return the letters that go to the recipients of the task."""
    words = {
        "title": context.title,
        "date": f"{context.scheduled_for:%d.%m.%Y}",
        "time": f"{context.scheduled_for:%H:%M}",
        "rows": str(rows),
        "files": ", ".join(file.path.name for file in files),
        "parameters": "\n".join(f"{title}: {value}" for title, value in asked.told),
    }
    subject, body = one_line(fill(settings.subject, words)), fill(settings.text, words)
    return [Letter(recipient, subject, body) for recipient in settings.recipients]
