"""How subject and text of a mail read, with made-up figures: the form again, or only the answer."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tasks.authorship import REPORT
from tasks.clock import utcnow
from tasks.errors import Invalid
from tasks.queries.by_name import task_named
from tasks.reports.letter import check_template, filling, one_line, several_lines
from tasks.reports.mail.trying import made_up
from tasks.reports.render.layout import Language
from tasks.settings import settings
from webui.database import db
from webui.htmx import wants_fragment
from webui.i18n import say
from webui.permissions import Permission, requires
from webui.tasks import blueprint
from webui.tasks.editing import Answer, form_page, model_of, typed_form
from webui.tasks.forms import TaskForm


@dataclass(frozen=True, slots=True)
class MailAnswer:
    """How it reads, or in one sentence why it cannot be read."""

    subject: str = ""
    text: str = ""
    problem: str = ""


@blueprint.post("/new/mail", endpoint="read_mail")
@blueprint.post("/<slug>/edit/mail", endpoint="read_mail_again")
@requires(Permission.EDIT)
def read_mail(slug: str = "") -> Answer:
    """Fill in the words; nothing is asked or saved, and nothing typed is lost."""
    task = task_named(db.session(), slug) if slug else None
    model = model_of(request.form.get("copy", ""))
    kept = task or model
    form = typed_form(REPORT, kept=kept.settings if kept else None)
    answer = _read(form)
    if wants_fragment():
        return render_template("tasks/_mail_answer.html", mail_answer=answer), HTTPStatus.OK
    return form_page(form, task=task, model=model, mail_answer=answer)


@blueprint.get("/new/mail", endpoint="seen_mail")
@blueprint.get("/<slug>/edit/mail", endpoint="seen_mail_again")
@requires(Permission.EDIT)
def seen_mail(slug: str = "") -> Response:
    """Whoever loads the page of an answer again gets the form."""
    address = url_for("tasks.edit", slug=slug) if slug else url_for("tasks.new", job=REPORT)
    return redirect(address, HTTPStatus.SEE_OTHER)


def _read(form: TaskForm) -> MailAnswer:
    known = [one.value for one in Language]
    language = Language(form.text("language") if form.text("language") in known else known[0])
    words = made_up(form.text("title"), utcnow().astimezone(settings().zone))
    try:
        subject, text = (
            filling(check_template(form.values[name], field=name), language=language, field=name)
            for name in ("subject", "text")
        )
        return MailAnswer(one_line(subject(words)), several_lines(text(words)))
    except Invalid as error:
        return MailAnswer(problem=say(error))
