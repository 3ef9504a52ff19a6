"""Who would get how many rows of the query on the form: the form again, or only the answer."""

from dataclasses import dataclass
from http import HTTPStatus
from logging import getLogger

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_limiter import RequestLimit
from pydantic import ValidationError

from tasks.authorship import REPORT
from tasks.errors import Conflict, Invalid, JobError
from tasks.problems import problems_of
from tasks.queries.by_name import task_named
from tasks.reports.bursting.preview import PartsPreview, preview_parts
from tasks.reports.bursting.settings import BurstSettings
from webui.database import db
from webui.htmx import wants_fragment
from webui.i18n import say
from webui.limits import limiter
from webui.permissions import Permission, actor, requires
from webui.places import place_at_a_source
from webui.tasks import blueprint, report_burst
from webui.tasks.editing import Answer, form_page, model_of, typed_form
from webui.tasks.forms import TaskForm
from webui.tasks.sql_trial import Trial, definitions_of_rows

log = getLogger(__name__)

MOST_SHOWN = 50
OFTEN = "20 per minute"
"""How often a person may ask a source."""


@dataclass(frozen=True, slots=True)
class BurstAnswer:
    """What was found, or in one sentence why nothing was."""

    found: PartsPreview | None = None
    problem: str = ""


@blueprint.post("/new/parts", endpoint="ask_parts")
@blueprint.post("/<slug>/edit/parts", endpoint="ask_parts_again")
@requires(Permission.AUTHOR)
@limiter.limit(OFTEN, key_func=lambda: f"{actor()} parts", on_breach=lambda limit: _often(limit))
def ask_parts(slug: str = "") -> Answer:
    """Count the first rows by their part; nothing is saved, and nothing typed is lost."""
    return _answered(slug)


@blueprint.get("/new/parts", endpoint="asked_parts")
@blueprint.get("/<slug>/edit/parts", endpoint="asked_parts_again")
@requires(Permission.AUTHOR)
def asked_parts(slug: str = "") -> Answer:
    """Whoever loads the page of an answer again gets the form; nothing is asked."""
    address = url_for("tasks.edit", slug=slug) if slug else url_for("tasks.new", job=REPORT)
    return redirect(address, HTTPStatus.SEE_OTHER)


def _answered(slug: str, answer: BurstAnswer | None = None) -> Answer:
    task = task_named(db.session(), slug) if slug else None
    model = model_of(request.form.get("copy", ""))
    kept = task or model
    form = typed_form(REPORT, kept=kept.settings if kept else None)
    db.session.close()  # a source is not asked while a transaction of ours is open
    answer = answer or _counted(form)
    if wants_fragment():
        page = render_template("tasks/_burst_answer.html", burst_answer=answer, most=MOST_SHOWN)
        return page, HTTPStatus.OK
    return form_page(form, task=task, model=model, burst_answer=answer)


def _counted(form: TaskForm) -> BurstAnswer:
    try:
        found = _asked(form)
    except (Invalid, Conflict, JobError) as error:
        return BurstAnswer(problem=say(error))
    log.info(
        "parts previewed",
        extra={"login": actor(), "source": form.text("source"), "parts": len(found.parts)},
    )
    return BurstAnswer(found)


def _asked(form: TaskForm) -> PartsPreview:
    burst = _burst(form)
    if not form.text("source"):
        raise Invalid("Choose the source that is to be asked.")
    trial = Trial.of_request(definitions_of_rows(form.rows))
    if not trial.is_complete():
        raise Invalid(
            "The query has parameters without a default. Press Preview beside the SQL, type the "
            "values to try it with there, and ask again."
        )
    with place_at_a_source():
        return preview_parts(
            form.text("source"), form.values["sql"], trial.definitions, trial.given(), burst
        )


def _burst(form: TaskForm) -> BurstSettings:
    given = report_burst.content(form)["burst"]
    if given is None:
        raise Invalid("Say first where the address of each part is found.")
    try:
        return BurstSettings.model_validate(given)
    except ValidationError as error:
        problem = problems_of(error)[0]
        raise Invalid(
            "{control}: {why}", control=_label(problem.field or ""), why=say(problem)
        ) from error


def _label(field: str) -> str:
    labels = {"column": gettext("Split by the column"), "lines": gettext("List of addresses")}
    return str(labels.get(field.split(".")[0], gettext("Each recipient its own rows")))


def _often(_limit: RequestLimit) -> Response:
    sentence = Conflict("You asked very often just now. Wait a minute, and try again.")
    slug = (request.view_args or {}).get("slug", "")
    return make_response(_answered(slug, BurstAnswer(problem=say(sentence))))
