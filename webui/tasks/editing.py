"""Defining a task and changing it."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Protocol

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tasks.authorship import REPORT
from tasks.chains import chains_of
from tasks.db import transaction
from tasks.definitions import change_task, create_task
from tasks.errors import Forbidden
from tasks.jobs.registry import all_jobs, find_job
from tasks.models import SourceKind, TaskDefinition
from tasks.queries.by_name import task_named
from tasks.queries.queues import queue_names
from tasks.queries.tasks import parameters_of, sources, task_choices
from tasks.queries.versions import version_of
from tasks.versions import FOR_AUTHORS, as_task, chains_in, needs_author
from webui.database import db
from webui.forms import Form, whole_number
from webui.htmx import wants_fragment
from webui.permissions import Permission, actor, can, requires
from webui.tasks import (
    blueprint,
    choices,
    policies,
    report_burst,
    report_charts,
    report_condition,
    report_folded,
    report_looks,
    report_mail,
    report_mail_words,
    report_password,
    report_sheets,
)
from webui.tasks.forms import TaskForm
from webui.tasks.sql_answers import SqlAnswer
from webui.tasks.waits import LENGTHS, waits_of_form

Answer = Response | tuple[str, int]

PARTS = {
    "parameter": "tasks/_parameters.html",
    "chain": "tasks/_chains.html",
    "sheet": "tasks/_sheets.html",
    "chart": "tasks/_charts.html",
    "look": "tasks/_looks.html",
    "colour": "tasks/_colours.html",
}
"""What a button inside of the form changes, each with the part of the page that shows it."""


@blueprint.get("/new")
@requires(Permission.EDIT)
def new() -> Answer:
    """An empty form for `?job=`, or one filled from another task (`?copy=`); else the choice."""
    model = model_of(request.args.get("copy", ""))
    job = request.args.get("job", "")
    if model is None and not (job and can(Permission.AUTHOR)):
        return _choice()
    form = TaskForm.empty(find_job(job).name) if model is None else _form_of(model)
    form.values |= {"slug": "", "version": "0"}
    return form_page(form, model=model)


@blueprint.get("/new/waits")
@requires(Permission.EDIT)
def waits() -> str:
    """The waits that the numbers of the query string mean, as a fragment beside the form."""
    names = ("max_attempts", "retry_backoff", *LENGTHS, *(f"{name}-unit" for name in LENGTHS))
    form = Form(values={name: request.args.get(name, "") for name in names})
    return render_template("tasks/_waits.html", waits=waits_of_form(form))


@blueprint.post("")
@requires(Permission.EDIT)
def create() -> Answer:
    """Save a new task, or show its form with a row more or less."""
    model = model_of(request.form.get("copy", ""))
    job = model.job if model else find_job(request.form.get("job", REPORT)).name
    form = typed_form(
        job,
        kept=model.settings if model else None,
        parameters=model.parameters if model else (),
    )
    if part := _changed_part(form):
        return form_page(form, model=model, part=part)
    with form.checking(conflict="slug"), transaction() as session:
        content = form.content(sources=_source_names(session))
        task = create_task(session, content, changed_by=actor(), owner_id=current_user.id)
    if form.errors:
        return form_page(form, model=model)
    flash(gettext("“%(title)s” is saved.", title=task.title), "success")
    return redirect(url_for("tasks.show", slug=task.slug), 303)


@blueprint.get("/<slug>/edit")
@requires(Permission.EDIT)
def edit(slug: str) -> Answer:
    """The form of a task as it is, or as it was in `?version=3`."""
    task = task_named(db.session(), slug)
    number = whole_number(request.args.get("version", ""))
    form = _form_of(task) if number is None else _form_of_version(task, number)
    return form_page(form, task=task)


@blueprint.post("/<slug>/edit")
@requires(Permission.EDIT)
def change(slug: str) -> Answer:
    """Save a change, or show the form with a row more or less."""
    task = task_named(db.session(), slug)
    form = typed_form(task.job, kept=task.settings, parameters=task.parameters)
    if part := _changed_part(form):
        return form_page(form, task=task, part=part)
    with form.checking(), transaction() as session:
        _save(session, form, slug)
    form.compared_with(task.version)
    if form.errors:
        return form_page(form, task=task)
    flash(gettext("“%(title)s” is saved.", title=form.text("title")), "success")
    return redirect(url_for("tasks.show", slug=slug), 303)


def _save(session: Session, form: TaskForm, slug: str) -> None:
    task = task_named(session, slug)
    session.refresh(task, with_for_update=True)  # of two who save at once, one sees the other
    content = form.content(sources=_source_names(session), is_active=task.is_active, slug=task.slug)
    change_task(session, task, content, version=form.version, changed_by=actor())


def _choice() -> Answer:
    """What a new task can do, for an author; for others the tasks to copy."""
    session = db.session()
    jobs = all_jobs() if can(Permission.AUTHOR) else []
    kits = [one for one in sources(session) if one.kind is not SourceKind.SQL] if jobs else []
    page = render_template("tasks/choose.html", jobs=jobs, kits=kits, tasks=task_choices(session))
    return page, HTTPStatus.OK


def _form_of(task: TaskDefinition) -> TaskForm:
    form = TaskForm.of(task, chains_of(db.session(), task))
    return _fitted(form)


def _form_of_version(task: TaskDefinition, number: int) -> TaskForm:
    """The form filled from a version, to be saved over what the task is now."""
    kept = version_of(db.session(), task, number).content
    if needs_author(kept, task.content()) and not can(Permission.AUTHOR):
        raise Forbidden(FOR_AUTHORS)
    flash(
        gettext("This is version %(number)s. It is taken back once you save.", number=number),
        "info",
    )
    return _fitted(TaskForm.of(as_task(task, kept), chains_in(kept)))


def typed_form(
    job: str, *, kept: Mapping[str, Any] | None, parameters: Sequence[Mapping[str, Any]] = ()
) -> TaskForm:
    """Return the form as it was sent; `parameters` are those that the task has."""
    return _fitted(TaskForm.typed(job=job, kept=kept, parameters=parameters))


def _fitted(form: TaskForm) -> TaskForm:
    """Give the chains the controls of the tasks that they lead to."""
    form.chains.fit(parameters_of(db.session(), form.chains.tasks()))
    return form


def _source_names(session: Session) -> list[str]:
    return [one.slug for one in sources(session)]


def model_of(slug: str) -> TaskDefinition | None:
    """The task that a new one begins from; raises NotFound."""
    return task_named(db.session(), slug) if slug else None


class Listed(Protocol):
    """Rows of a report's settings in the values of its form."""

    def add(self, values: dict[str, Any]) -> None:
        """Add an empty row at the end."""

    def remove(self, values: dict[str, Any], number: int) -> None:
        """Remove a row; those below move up."""


LISTED: tuple[tuple[str, Listed], ...] = (
    ("sheet", report_sheets),
    ("chart", report_charts),
    ("look", report_looks.COLUMNS),
    ("colour", report_looks.RULES),
)
"""The rows that buttons add to the settings of a report and remove from them."""


def _changed_part(form: TaskForm) -> str:
    """Add, remove or fill a row where its button was pressed; returns which part changed."""
    for part, rows in (("parameter", form.rows), ("chain", form.chains)):
        if f"add_{part}" in request.form:
            rows.add()
            return part
        if (number := whole_number(request.form.get(f"remove_{part}", ""))) is not None:
            rows.remove(number)
            return part
        if f"show_{part}" in request.form:
            return part
    if (number := whole_number(request.form.get("fill_parameter", ""))) is not None:
        form.rows.fill(number, request.form.get(f"parameters-{number}-preset", ""))
        return "parameter"
    for part, listed in LISTED:
        if f"add_{part}" in request.form:
            listed.add(form.values)
            return part
        if (number := whole_number(request.form.get(f"remove_{part}", ""))) is not None:
            listed.remove(form.values, number)
            return part
    return "waits" if "show_waits" in request.form else ""


def form_page(
    form: TaskForm,
    *,
    task: TaskDefinition | None = None,
    model: TaskDefinition | None = None,
    part: str = "",
    answer: SqlAnswer | None = None,
    burst_answer: object = None,
    mail_answer: object = None,
) -> Answer:
    """Show the form, or of it what a button has changed, with what was answered about its SQL."""
    fragment = PARTS.get(part) if wants_fragment() else None
    page = render_template(
        fragment or "tasks/form.html",
        form=form,
        task=task,
        model=model,
        sources=[(one.slug, one.title) for one in sources(db.session())],
        queues=queue_names(db.session()),
        tasks=[one for one in task_choices(db.session()) if task is None or one[0] != task.slug],
        following=parameters_of(db.session(), form.chains.tasks()),
        waits=waits_of_form(form),
        changed=part,
        answer=answer,
        burst_answer=burst_answer,
        burst_choices=report_burst,
        sheet_choices=report_sheets,
        password_choices=report_password,
        chart_choices=report_charts,
        looks_choices=report_looks,
        mail_choices=report_mail_words,
        mail_ways=report_mail,
        mail_answer=mail_answer,
        condition_choices=report_condition,
        report_folded=report_folded,
        choices=choices,
        policies=policies,
    )
    return page, form.status
