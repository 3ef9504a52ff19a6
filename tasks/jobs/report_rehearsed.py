"""A report rehearsed: its first rows and the mail that they would make, and nothing is kept."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from logging import CRITICAL, Logger
from pathlib import Path

from tasks.jobs.context import JobContext, Letter, ReportFile
from tasks.jobs.report_asked import asked_by
from tasks.jobs.report_charts import Charts
from tasks.jobs.report_files import name_of
from tasks.jobs.report_letters import letters_of
from tasks.jobs.report_parts import settings_of_whole
from tasks.models import TaskDefinition
from tasks.reports.companies import offering
from tasks.reports.conditions.settings import ConditionKind, Measure
from tasks.reports.conditions.verdict import Standing, Verdict, verdict
from tasks.reports.first_rows import FirstRows
from tasks.reports.mail.addressing import addressed
from tasks.reports.mail.content import More
from tasks.reports.mail.trial import told_on_top
from tasks.reports.parameters import definitions_of
from tasks.reports.preview import Preview, preview
from tasks.reports.render.layout import Language
from tasks.reports.settings import ReportSettings
from tasks.reports.taking import Together
from tasks.reports.tally import Tally

SILENT = Logger("rehearsal", CRITICAL + 1)
"""Neither a value that somebody typed nor a row belongs in the log of the server."""
SOMEBODY = "somebody"
FIRST_ONLY = {
    Language.ENGLISH: "Trial: the figures, sums and charts of this mail are those of the first "
    "{rows} rows only. A run counts all rows.",
    Language.TURKISH: "Deneme: bu postadaki rakamlar, toplamlar ve grafikler yalnızca ilk {rows} "
    "satıra aittir. Çalışma bütün satırları sayar.",
}
NEEDS_THE_PAST = (ConditionKind.CHANGED, ConditionKind.NEW_ROWS)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a run would give, as far as its first rows tell."""

    found: Preview
    letter: Letter
    recipients: Sequence[str]
    """Who would get the whole report, with those who get a copy."""
    verdict: Verdict | None
    """What its condition says; None where only a run can know."""


def rehearse(
    task: TaskDefinition,
    given: Mapping[str, object],
    kept: Mapping[str, object],
    *,
    now: datetime,
) -> Rehearsal:
    """Ask the source for the first rows, and write the mail of them; not in a transaction.

    `given` are the parameters as they were typed, and `kept` as a run would keep them. Figures
    and charts are those of these rows alone, which the mail says on top. Raises Invalid, Conflict
    and JobError.
    """
    settings = ReportSettings.model_validate(task.settings)
    context = _context(task, kept, now)
    asked = asked_by(context, settings, looks_at_first=True)
    definitions = offering(definitions_of(task.parameters), asked.source)
    found = preview(settings.source, settings.sql, definitions, given)
    tally, first = Tally(), FirstRows(settings.mail.rows)
    charts = Charts(settings.charts, context, asked.layout)
    takers = Together([tally, first, *charts.takers])
    takers.begin(found.columns)
    takers.write(found.rows)
    more = More(sample=first.sample, pictures=charts.in_mail, notices=charts.notices)
    files, figures = _files(context, settings), tally.figures
    (letter,) = letters_of(
        context, _to_nobody(settings), asked, files, tally.rows, figures=figures, more=more
    )
    letter = replace(letter, html=_with_pictures(letter.html, charts))
    if found.more:
        letter = told_on_top(letter, [FIRST_ONLY[asked.layout.language].format(rows=tally.rows)])
    whole = settings_of_whole(settings)
    return Rehearsal(found, letter, _recipients(whole), _verdict(settings, tally, found))


def _context(task: TaskDefinition, parameters: Mapping[str, object], now: datetime) -> JobContext:
    return JobContext(
        slug=task.slug,
        title=task.title,
        settings=task.settings,
        parameter_definitions=task.parameters,
        parameters=parameters,
        scheduled_for=now,
        log=SILENT,
        stopped=lambda: False,
        _folder=Path(),
        only_to=SOMEBODY,
    )


def _to_nobody(settings: ReportSettings) -> ReportSettings:
    """The settings without anybody who gets it: so a trial's run has one letter to nobody."""
    mail = settings.mail.model_copy(update={"cc": [], "bcc": []})
    return settings.model_copy(update={"recipients": [], "burst": None, "mail": mail})


def _files(context: JobContext, settings: ReportSettings) -> list[ReportFile]:
    """The files by their names; none is written."""
    names = [name_of(context, format, gzip=settings.gzip) for format in settings.formats]
    return [ReportFile(Path(name), "") for name in names]


def _with_pictures(html: str, charts: Charts) -> str:
    """The page with its pictures in itself, since no mail carries them here."""
    for one in charts.drawn:
        content = b64encode(one.png).decode()
        html = html.replace(f'"cid:{one.name}"', f'"data:image/png;base64,{content}"')
    return html


def _recipients(settings: ReportSettings) -> list[str]:
    several = addressed(settings.mail, settings.recipients, language=settings.language)
    return [one.recipient for one in several]


def _verdict(settings: ReportSettings, tally: Tally, found: Preview) -> Verdict | None:
    """What can be said of these rows: all there are, or enough to know that there are some."""
    condition = settings.condition
    looks_back = condition.kind in NEEDS_THE_PAST or condition.measure is Measure.CHANGE
    if condition.kind is ConditionKind.ALWAYS or looks_back:
        return None
    if found.more and condition.kind is ConditionKind.THRESHOLD:
        return None
    return verdict(condition, Standing(tally.figures), None)
