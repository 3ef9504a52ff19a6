"""The job `report`: its rows streamed to every wanted file at once, and a letter a recipient."""

from tasks.errors import mark
from tasks.jobs.context import Result
from tasks.jobs.registry import JobContext, JobResult, job
from tasks.jobs.report_asked import asked_by
from tasks.jobs.report_files import files_of
from tasks.jobs.report_letters import letters_of
from tasks.jobs.report_reading import read
from tasks.reports.settings import ReportSettings
from tasks.reports.taking import Together
from tasks.reports.tally import Tally


@job(
    "report",
    title=mark("Report"),
    about=mark("A query, its rows as files, and a mail with them."),
    has_own_form=True,
)
def report(context: JobContext, *, settings: ReportSettings) -> JobResult:
    """Run the query for the instant that was meant, and make its files and letters."""
    asked = asked_by(context, settings)
    files = files_of(context, settings, asked)
    tally = Tally()
    with Together([files.written, tally]) as takers:
        read(context, settings, asked, takers)
        made = files.finish()
    rows = files.written.rows
    context.log.info("files written", extra={"rows": rows, "files": len(made)})
    letters = letters_of(context, settings, asked, made, rows)
    reason = "" if settings.recipients else "It has no recipients, so nothing was sent."
    result = Result(tally.rows, digest="", figures=tally.figures.as_json())
    return JobResult(
        rows=rows, reason=reason, files=tuple(made), letters=tuple(letters), result=result
    )
