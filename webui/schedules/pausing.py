"""Pausing a schedule, and switching it off and on."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import format_datetime, gettext
from werkzeug.wrappers import Response

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.models import Schedule
from tasks.queries.next_runs import next_runs
from tasks.queries.schedules import editable, schedule_with_task
from tasks.scheduling.edit import pause as pause_schedule
from tasks.scheduling.edit import resume, switch
from tasks.settings import settings
from webui.database import db
from webui.forms import is_deletion, typed
from webui.htmx import wants_fragment
from webui.permissions import Permission, requires
from webui.schedules import blueprint
from webui.schedules.moments import moment_of
from webui.schedules.views import standing_now, words_of

Answer = Response | str


@blueprint.post("/<int:schedule_id>/pause")
@requires(Permission.EDIT)
def pause(schedule_id: int) -> Answer:
    """Skip what is due until an instant of the display zone, or until somebody resumes it."""
    if is_deletion():
        return end_pause(schedule_id)
    until = moment_of(typed("until").strip(), settings().timezone, field="until")
    with transaction() as session:
        schedule = schedule_with_task(session, schedule_id)
        pause_schedule(session, schedule, until=until, now=utcnow())
    if until is None:
        return _done(schedule, gettext("“%(name)s” is paused.", name=schedule.name))
    at = format_datetime(until, "d MMM y HH:mm")
    return _done(schedule, gettext("“%(name)s” is paused until %(at)s.", name=schedule.name, at=at))


@blueprint.delete("/<int:schedule_id>/pause")
@requires(Permission.EDIT)
def end_pause(schedule_id: int) -> Answer:
    """Let a schedule go on from now; what was due during the pause stays skipped."""
    with transaction() as session:
        schedule = schedule_with_task(session, schedule_id)
        resume(session, schedule, now=utcnow())
    return _done(schedule, gettext("“%(name)s” goes on; it counts from now.", name=schedule.name))


@blueprint.post("/<int:schedule_id>/activation")
@requires(Permission.EDIT)
def activate(schedule_id: int) -> Answer:
    """Switch a schedule on (POST) or off (DELETE, or a form with `_method`)."""
    if is_deletion():
        return deactivate(schedule_id)
    schedule = _switch(schedule_id, on=True)
    return _done(schedule, gettext("“%(name)s” is on; it counts from now.", name=schedule.name))


@blueprint.delete("/<int:schedule_id>/activation")
@requires(Permission.EDIT)
def deactivate(schedule_id: int) -> Answer:
    """Switch a schedule off: it is kept, and starts nothing."""
    schedule = _switch(schedule_id, on=False)
    return _done(schedule, gettext("“%(name)s” is off: it starts nothing.", name=schedule.name))


def _switch(schedule_id: int, *, on: bool) -> Schedule:
    with transaction() as session:
        schedule = editable(session, schedule_id)
        switch(session, schedule, enabled=on, now=utcnow())
    return schedule


def _done(schedule: Schedule, sentence: str) -> Answer:
    """Answer with the row that changed, or lead to the page that the form came from."""
    if wants_fragment():
        return render_template(
            "schedules/_row.html",
            schedule=schedule,
            words=words_of,
            standing=standing_now,
            next_runs=next_runs(db.session(), [schedule], now=utcnow()),
        )
    flash(sentence, "success")
    if request.form.get("back") == "list":
        return redirect(url_for("schedules.index", _anchor=f"schedule-{schedule.id}"), 303)
    return redirect(url_for("schedules.show", schedule_id=schedule.id), 303)
