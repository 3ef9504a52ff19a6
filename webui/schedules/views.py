"""The list of schedules, and the switch of each."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.models import Schedule
from tasks.queries.by_name import task_named
from tasks.queries.schedules import schedule_with_task, schedules_page
from tasks.scheduling.edit import switch
from tasks.scheduling.words import in_words
from webui.database import db
from webui.htmx import wants_fragment
from webui.i18n import language
from webui.permissions import Permission, requires
from webui.schedules import blueprint

Answer = Response | str


@blueprint.get("")
@requires(Permission.SEE)
def index() -> str:
    """All schedules, what is due first at the top, or those of one task."""
    slug = request.args.get("task", "")
    return render_template(
        "schedules/index.html",
        page=schedules_page(db.session(), task=slug, after=request.args.get("after", "")),
        task=task_named(db.session(), slug) if slug else None,
        words=_words,
    )


@blueprint.route("/<int:schedule_id>/pause", methods=["POST", "DELETE"])
@requires(Permission.EDIT)
def pause(schedule_id: int) -> Answer:
    """Switch a schedule off (POST) or on again (DELETE, or a form with `_method`)."""
    on = request.method == "DELETE" or request.form.get("_method") == "DELETE"
    with transaction() as session:
        schedule = schedule_with_task(session, schedule_id)
        switch(session, schedule, enabled=on, now=utcnow())
    if wants_fragment():
        return render_template("schedules/_row.html", schedule=schedule, words=_words)
    flash(
        gettext("“%(name)s” is on; it counts from now.", name=schedule.name)
        if on
        else gettext("“%(name)s” is off: it starts nothing.", name=schedule.name),
        "success",
    )
    return redirect(url_for("schedules.index"), 303)


def _words(schedule: Schedule) -> str:
    return in_words(schedule, language())
