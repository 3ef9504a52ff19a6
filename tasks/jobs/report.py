"""The job `report`: its rows streamed to every wanted file at once, and a letter a recipient."""

from tasks.errors import mark
from tasks.jobs.context import Result
from tasks.jobs.registry import JobContext, JobResult, job
from tasks.jobs.report_asked import asked_by
from tasks.jobs.report_channels import channel_letters
from tasks.jobs.report_compared import looking_back
from tasks.jobs.report_decided import as_decided, decide, only_wanted
from tasks.jobs.report_files import files_of
from tasks.jobs.report_letters import letters_of, sent_by
from tasks.jobs.report_parts import parts_of, settings_of_whole
from tasks.jobs.report_reading import read, read_sheets
from tasks.jobs.report_told import Told
from tasks.reports.settings import ReportSettings
from tasks.reports.taking import Together


@job(
    "report",
    title=mark("Report"),
    about=mark("A query, its rows as files, and a mail with them."),
    has_own_form=True,
)
def report(context: JobContext, *, settings: ReportSettings) -> JobResult:
    """Run the query for the instant that was meant, and make its files and letters."""
    asked = asked_by(context, settings)
    back = looking_back(context, settings)
    files = files_of(context, settings, asked)
    parts = parts_of(context, settings, asked)
    told = Told(context, settings, asked)
    making = Together([files.written, *told.takers, *parts.takers])
    wanted = only_wanted(context, settings, back.before, making)
    with Together([*back.takers, wanted]) as takers:
        read(context, settings, asked, takers)
        read_sheets(context, settings, asked, files.written)
        compared = back.finish(files.written)
        told.show_in(files)
        made = files.finish()
        split = parts.finish()
    decided = decide(settings, told.figures, compared.digest, back.before)
    rows, counted = files.written.rows, told.figures.rows
    context.log.info("files written", extra={"rows": rows, "files": len(made)})
    more = told.more(back.more(compared), made)
    whole = settings_of_whole(settings)
    letters = letters_of(context, whole, asked, made, counted, figures=told.figures, more=more)
    letters += split.letters
    figures, parts_made = told.figures.as_json(), [file.part for file in split.files]
    letters += channel_letters(context, settings, rows=counted, figures=figures, parts=parts_made)
    nobody = "" if letters else "It has no recipients, so nothing was sent."
    reason = decided.reason or split.reason or nobody
    result = Result(counted, compared.digest, figures, was_to_send=decided.send)
    return JobResult(
        rows=rows,
        reason=reason,
        files=(*made, *told.pictures(), *split.files, *compared.files),
        letters=sent_by(context, settings, as_decided(letters, decided)),
        result=result,
    )
