"""The job `report`: its rows streamed to every wanted file at once, and a letter a recipient."""

from tasks.errors import mark
from tasks.jobs.context import Result
from tasks.jobs.registry import JobContext, JobResult, job
from tasks.jobs.report_asked import asked_by
from tasks.jobs.report_compared import looking_back
from tasks.jobs.report_decided import as_decided, decide
from tasks.jobs.report_letters import sent_by
from tasks.jobs.report_made import make
from tasks.jobs.report_sending import letters_to_all, reason_of
from tasks.reports.settings import ReportSettings


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
    made = make(context, settings, asked, back)
    figures, digest = made.told.figures, made.compared.digest
    decided = decide(settings, figures, digest, back.before)
    letters = letters_to_all(context, settings, asked, made, back)
    return JobResult(
        rows=made.rows,
        reason=reason_of(settings, made, decided, letters),
        files=made.files,
        letters=sent_by(context, settings, as_decided(letters, decided)),
        result=Result(figures.rows, digest, figures.as_json(), was_to_send=decided.send),
    )
