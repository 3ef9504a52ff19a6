"""The job `report`: its rows streamed to every wanted file at once, and a letter a recipient."""

from tasks.errors import mark
from tasks.jobs.context import Result
from tasks.jobs.registry import JobContext, JobResult, job
from tasks.jobs.report_asked import asked_by
from tasks.jobs.report_channels import channel_letters
from tasks.jobs.report_files import files_of
from tasks.jobs.report_letters import letters_of
from tasks.jobs.report_parts import parts_of, settings_of_whole
from tasks.jobs.report_reading import read, read_sheets
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
    parts = parts_of(context, settings, asked)
    tally = Tally()
    with Together([files.written, tally, *parts.takers]) as takers:
        read(context, settings, asked, takers)
        read_sheets(context, settings, asked, files.written)
        made = files.finish()
        split = parts.finish()
    rows = files.written.rows
    context.log.info("files written", extra={"rows": rows, "files": len(made)})
    letters = letters_of(context, settings_of_whole(settings), asked, made, rows)
    letters += split.letters
    figures, parts_made = tally.figures.as_json(), [file.part for file in split.files]
    letters += channel_letters(context, settings, rows=rows, figures=figures, parts=parts_made)
    reason = split.reason if letters else "It has no recipients, so nothing was sent."
    result = Result(tally.rows, digest="", figures=figures)
    return JobResult(
        rows=rows,
        reason=reason,
        files=(*made, *split.files),
        letters=tuple(letters),
        result=result,
    )
