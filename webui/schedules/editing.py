"""Making a schedule and changing it. None of it fires anything."""

from zoneinfo import available_timezones

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.models import Schedule, TaskDefinition
from tasks.queries.by_name import task_named
from tasks.queries.schedules import editable
from tasks.queries.tasks import task_choices
from tasks.scheduling.edit import change_schedule, create_schedule
from webui.database import db
from webui.permissions import Permission, requires
from webui.schedules import blueprint, choices
from webui.schedules.forms import ScheduleForm
from webui.schedules.preview import Preview, preview_of

Answer = Response | tuple[str, int]


@blueprint.get("/new")
@requires(Permission.EDIT)
def new() -> Answer:
    """An empty form for the task `?task=`; without one, the choice of a task."""
    slug = request.args.get("task", "")
    if not slug:
        return render_template("schedules/choose.html", tasks=task_choices(db.session())), 200
    task = task_named(db.session(), slug)
    return _page(ScheduleForm.empty(task), task)


@blueprint.post("")
@requires(Permission.EDIT)
def create() -> Answer:
    """Save a new schedule, or show what the form means so far."""
    task = task_named(db.session(), request.form.get("task", ""))
    form = ScheduleForm.typed(task)
    if "preview" in request.form:
        return _page(form, task)
    with form.checking(), transaction() as session:
        now = utcnow()
        schedule = create_schedule(session, task, now=now, **form.content(now=now))
    return _page(form, task) if form.errors else _saved(schedule)


@blueprint.get("/<int:schedule_id>/edit")
@requires(Permission.EDIT)
def edit(schedule_id: int) -> Answer:
    """The form of a schedule as it is."""
    schedule = editable(db.session(), schedule_id)
    return _page(ScheduleForm.of(schedule), schedule.task, schedule)


@blueprint.post("/<int:schedule_id>/edit")
@requires(Permission.EDIT)
def change(schedule_id: int) -> Answer:
    """Save a change, or show what the form means so far."""
    schedule = editable(db.session(), schedule_id)
    form = ScheduleForm.typed(schedule.task)
    if "preview" in request.form:
        return _page(form, schedule.task, schedule)
    with form.checking(), transaction() as session:
        _save(session, form, schedule_id)
    form.compared_with(schedule.version)
    return _page(form, schedule.task, schedule) if form.errors else _saved(schedule)


@blueprint.get("/preview")
@requires(Permission.EDIT)
def preview() -> str:
    """The coming instants of what is typed, as a fragment beside the form."""
    form = ScheduleForm.of_query()
    return render_template("schedules/_preview.html", preview=_preview(form))


def _save(session: Session, form: ScheduleForm, schedule_id: int) -> None:
    schedule, now = editable(session, schedule_id), utcnow()
    session.refresh(schedule, with_for_update={"key_share": True})  # two who save see each other
    content = form.content(now=now)
    change_schedule(
        session,
        schedule,
        schedule.task,
        now=now,
        version=form.version or schedule.version,
        **content,
    )


def _saved(schedule: Schedule) -> Response:
    flash(gettext("The schedule is saved. It counts from now; nothing was started."), "success")
    return redirect(url_for("schedules.show", schedule_id=schedule.id), 303)


def _preview(form: ScheduleForm) -> Preview:
    return preview_of(form, now=utcnow())


def _page(form: ScheduleForm, task: TaskDefinition, schedule: Schedule | None = None) -> Answer:
    page = render_template(
        "schedules/form.html",
        form=form,
        task=task,
        schedule=schedule,
        preview=_preview(form),
        choices=choices,
        zones=sorted(available_timezones()),
    )
    return page, form.status
