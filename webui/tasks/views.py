"""The list of tasks, one task, and its switch."""

import secrets

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.definitions import switch_task
from tasks.queries.by_name import task_named
from tasks.queries.incidents import is_followed, open_incident
from tasks.queries.tasks import TaskFilter, tasks_page, whole_task
from webui.database import db
from webui.forms import is_deletion
from webui.permissions import Permission, actor, requires
from webui.tasks import blueprint, report_looks
from webui.tasks.compared_words import compared_words
from webui.tasks.words import (
    job_fields,
    job_title,
    parameters_in_words,
    policies_in_words,
    schedules_in_words,
)


@blueprint.get("")
@requires(Permission.SEE)
def index() -> str:
    """All tasks by title, or those that hold the words of the search."""
    wanted = TaskFilter(q=request.args.get("q", "").strip(), after=request.args.get("after", ""))
    page = tasks_page(db.session(), wanted)
    return render_template(
        "tasks/index.html", page=page, wanted=wanted, request_key=secrets.token_urlsafe(12)
    )


@blueprint.get("/<slug>")
@requires(Permission.SEE)
def show(slug: str) -> str:
    """One task: settings, parameters, schedules and last runs."""
    whole = whole_task(db.session(), slug)
    return render_template(
        "tasks/show.html",
        whole=whole,
        task=whole.task,
        coming=schedules_in_words(whole.schedules, now=utcnow()),
        policies=policies_in_words(whole.task),
        fields=job_fields(whole.task),
        job_title=job_title(whole.task),
        parameters=parameters_in_words(whole.task),
        incident=open_incident(db.session(), whole.task),
        follows=is_followed(db.session(), whole.task, user_id=current_user.id),
        compared_words=compared_words(whole.task),
        looks_words=report_looks.words,
        request_key=secrets.token_urlsafe(12),
    )


@blueprint.route("/<slug>/activation", methods=["POST", "DELETE"])
@requires(Permission.EDIT)
def activation(slug: str) -> Response:
    """Switch a task on (POST) or off (DELETE, or a form with `_method`)."""
    on = not is_deletion()
    with transaction() as session:
        task = switch_task(session, task_named(session, slug), is_active=on, changed_by=actor())
    flash(
        gettext("“%(title)s” is on.", title=task.title)
        if on
        else gettext("“%(title)s” is off: nothing starts it.", title=task.title),
        "success",
    )
    return redirect(url_for("tasks.show", slug=slug), 303)
