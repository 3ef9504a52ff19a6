"""Trying a task: its first rows and its mail, before anything is made or sent."""

from dataclasses import dataclass, replace
from http import HTTPStatus
from logging import getLogger

from flask import Response, make_response, render_template, request
from flask_limiter import RequestLimit
from sqlalchemy.orm import Session

from tasks.authorship import REPORT
from tasks.clock import utcnow
from tasks.errors import Conflict, JobError, NotFound
from tasks.jobs.report_rehearsed import Rehearsal, rehearse
from tasks.models import TaskDefinition
from tasks.queries.by_name import task_named
from tasks.reports.bursting.preview import PartsPreview, preview_parts
from tasks.reports.bursting.settings import BurstSettings
from tasks.reports.companies import offered
from tasks.reports.parameters import accept
from tasks.settings import settings
from webui.database import db
from webui.i18n import say
from webui.limits import limiter
from webui.permissions import Permission, actor, requires
from webui.places import place_at_a_source
from webui.tasks import blueprint, report_charts
from webui.tasks.run_form import RunForm
from webui.tasks.sql_table import Table

log = getLogger(__name__)

OFTEN = "20 per minute"
"""How often a person may ask a source."""
MAIL_POLICY = "; ".join(
    (
        "sandbox",
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""The mail is a page that runs nothing, loads nothing and belongs to no origin."""

Answer = Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class TrialAnswer:
    """What was found, or in one sentence why nothing was."""

    rehearsal: Rehearsal | None = None
    parts: PartsPreview | None = None
    problem: str = ""

    @property
    def table(self) -> Table | None:
        """The first rows as the page shows them."""
        return Table.of(self.rehearsal.found) if self.rehearsal else None


@blueprint.app_template_filter("chart_words")
def chart_words(charts: list[dict[str, object]]) -> list[str]:
    """Say each chart of a task in a line."""
    return report_charts.words(charts)


@blueprint.get("/<slug>/trial")
@requires(Permission.OPERATE)
def trial(slug: str) -> Answer:
    """The controls of the parameters; nothing is asked before somebody presses the button."""
    task = _report(slug)
    return _page(task, RunForm.of(task, {}), None)


@blueprint.post("/<slug>/trial")
@requires(Permission.OPERATE)
@limiter.limit(OFTEN, key_func=lambda: f"{actor()} trial", on_breach=lambda limit: _often(limit))
def try_out(slug: str) -> Answer:
    """Ask for the first rows, and show them and their mail; nothing is kept or sent."""
    task = _report(slug)
    form = RunForm.typed(task)
    return _page(task, form, _answer(task, form))


@blueprint.post("/<slug>/trial/mail")
@requires(Permission.OPERATE)
@limiter.limit(OFTEN, key_func=lambda: f"{actor()} trial", on_breach=lambda limit: _often(limit))
def trial_mail(slug: str) -> Answer:
    """The formatted mail of the first rows as a page that can do nothing."""
    task = _report(slug)
    form = RunForm.typed(task)
    answer = _answer(task, form)
    if answer.rehearsal is None or not answer.rehearsal.letter.html:
        return _page(task, form, answer)
    page = make_response(answer.rehearsal.letter.html)
    page.headers["Content-Security-Policy"] = MAIL_POLICY
    return page


def _answer(task: TaskDefinition, form: RunForm) -> TrialAnswer:
    """Ask the source; what is wrong is an answer too."""
    answer = TrialAnswer()
    with form.checking():
        given = form.given()
        kept = accept(offered(db.session(), task), given)
        db.session.close()  # a source is not asked while a transaction of ours is open
        try:
            with place_at_a_source():
                now = utcnow().astimezone(settings().zone)
                answer = TrialAnswer(rehearse(task, given, kept, now=now))
                answer = replace(answer, parts=_parts(task, form))
        except JobError as error:
            answer = TrialAnswer(problem=say(error))
        log.info("task tried", extra={"login": actor(), "task": task.slug})
    return answer


def _parts(task: TaskDefinition, form: RunForm) -> PartsPreview | None:
    """Who would get how many rows, where the report is split."""
    if not task.settings.get("burst"):
        return None
    burst = BurstSettings.model_validate(task.settings["burst"])
    kept = task.settings
    return preview_parts(kept["source"], kept["sql"], form.definitions, form.given(), burst)


def _report(slug: str) -> TaskDefinition:
    session: Session = db.session()
    task = task_named(session, slug)
    if task.job != REPORT:
        raise NotFound("Only a report can be tried.")
    session.expunge(task)
    return task


def _page(task: TaskDefinition, form: RunForm, answer: TrialAnswer | None) -> Answer:
    page = render_template("tasks/trial.html", task=task, form=form, answer=answer)
    return page, form.status if form.errors else HTTPStatus.OK


def _often(_limit: RequestLimit) -> Response:
    task = _report((request.view_args or {}).get("slug", ""))
    sentence = Conflict("You asked very often just now. Wait a minute, and try again.")
    return make_response(_page(task, RunForm.typed(task), TrialAnswer(problem=say(sentence))))
