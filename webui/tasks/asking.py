"""What an author asks about the SQL on the form: the form again, or only the answer."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_limiter import RequestLimit

from tasks.authorship import REPORT
from tasks.errors import Conflict
from tasks.queries.by_name import task_named
from webui.database import db
from webui.htmx import wants_fragment
from webui.limits import limiter
from webui.permissions import Permission, actor, requires
from webui.tasks import blueprint
from webui.tasks.editing import Answer, form_page, model_of, typed_form
from webui.tasks.forms import TaskForm
from webui.tasks.sql_answers import Question, SqlAnswer, answer_to, refusal

OF_A_SOURCE = (Question.PREVIEW, Question.EXPLAIN)
OFTEN = {True: "20 per minute", False: "120 per minute"}
"""How often a person may ask a source, and how often what costs only our own time."""

QUESTIONS = f"any({', '.join(Question)})"


@blueprint.post(f"/new/sql/<{QUESTIONS}:what>")
@blueprint.post(f"/<slug>/edit/sql/<{QUESTIONS}:what>")
@requires(Permission.AUTHOR)
@limiter.limit(
    lambda: OFTEN[_asks_a_source()],
    key_func=lambda: f"{actor()} {_asks_a_source()}",
    on_breach=lambda limit: _too_often(limit),
)
def ask(what: str, slug: str = "") -> Answer:
    """Answer about what was typed; nothing is saved, and nothing typed is lost."""
    return _answered(slug, lambda form: answer_to(Question(what), form))


@blueprint.get(f"/new/sql/<{QUESTIONS}:what>")
@blueprint.get(f"/<slug>/edit/sql/<{QUESTIONS}:what>")
@requires(Permission.AUTHOR)
def asked(slug: str = "", **_what: str) -> Answer:
    """Whoever loads the page of an answer again gets the form; nothing is asked."""
    address = url_for("tasks.edit", slug=slug) if slug else url_for("tasks.new", job=REPORT)
    return redirect(address, HTTPStatus.SEE_OTHER)


def _answered(slug: str, answering: Callable[[TaskForm], SqlAnswer]) -> Answer:
    task = task_named(db.session(), slug) if slug else None
    model = model_of(request.form.get("copy", ""))
    kept = task or model
    form = typed_form(REPORT, kept=kept.settings if kept else None)
    db.session.close()  # a source is not asked while a transaction of ours is open
    answer = answering(form)
    if wants_fragment():
        return render_template("tasks/sql/_answer.html", form=form, answer=answer), HTTPStatus.OK
    return form_page(form, task=task, model=model, answer=answer)


def _too_often(_limit: RequestLimit) -> Response:
    sentence = Conflict("You asked very often just now. Wait a minute, and try again.")
    slug = (request.view_args or {}).get("slug", "")
    return make_response(_answered(slug, lambda _form: refusal(sentence)))


def _asks_a_source() -> bool:
    return (request.view_args or {}).get("what") in OF_A_SOURCE
