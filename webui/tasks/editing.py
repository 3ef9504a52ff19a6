"""Defining a task and changing it."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tasks.db import transaction
from tasks.definitions import change_task, create_task
from tasks.models import TaskDefinition
from tasks.queries.by_name import task_named
from tasks.queries.tasks import sources, task_choices
from webui.database import db
from webui.forms import whole_number
from webui.htmx import wants_fragment
from webui.permissions import Permission, actor, can, requires
from webui.tasks import blueprint, choices
from webui.tasks.forms import TaskForm

Answer = Response | tuple[str, int]


@blueprint.get("/new")
@requires(Permission.EDIT)
def new() -> Answer:
    """An empty form, or one filled from another task (`?copy=`)."""
    model = _model(request.args.get("copy", ""))
    if model is None and not can(Permission.AUTHOR):
        return render_template("tasks/choose.html", tasks=task_choices(db.session())), 200
    form = TaskForm.empty() if model is None else TaskForm.of(model)
    form.values |= {"slug": "", "version": "0"}
    return _page(form, model=model)


@blueprint.post("")
@requires(Permission.EDIT)
def create() -> Answer:
    """Save a new task, or show its form with a parameter more or less."""
    model = _model(request.form.get("copy", ""))
    form = TaskForm.typed(sql_kept=_sql(model))
    if _changes_rows(form):
        return _page(form, model=model)
    with form.checking(conflict="slug"), transaction() as session:
        content = form.content(sources=_source_names(session))
        task = create_task(session, content, changed_by=actor(), owner_id=current_user.id)
    if form.errors:
        return _page(form, model=model)
    flash(gettext("“%(title)s” is saved.", title=task.title), "success")
    return redirect(url_for("tasks.show", slug=task.slug), 303)


@blueprint.get("/<slug>/edit")
@requires(Permission.EDIT)
def edit(slug: str) -> Answer:
    """The form of a task as it is."""
    task = task_named(db.session(), slug)
    return _page(TaskForm.of(task), task=task)


@blueprint.post("/<slug>/edit")
@requires(Permission.EDIT)
def change(slug: str) -> Answer:
    """Save a change, or show the form with a parameter more or less."""
    task = task_named(db.session(), slug)
    form = TaskForm.typed(sql_kept=_sql(task))
    if _changes_rows(form):
        return _page(form, task=task)
    with form.checking(), transaction() as session:
        _save(session, form, slug)
    if form.status == HTTPStatus.CONFLICT:  # whoever saves again has been told, and may
        form.values["version"] = str(task.version)
    if form.errors:
        return _page(form, task=task)
    flash(gettext("“%(title)s” is saved.", title=form.text("title")), "success")
    return redirect(url_for("tasks.show", slug=slug), 303)


def _save(session: Session, form: TaskForm, slug: str) -> None:
    task = task_named(session, slug)
    session.refresh(task, with_for_update=True)  # of two who save at once, one sees the other
    content = form.content(
        sources=_source_names(session),
        job=task.job,
        queue=task.queue,
        is_active=task.is_active,
        slug=task.slug,
    )
    change_task(session, task, content, version=form.version, changed_by=actor())


def _source_names(session: Session) -> list[str]:
    return [one.slug for one in sources(session)]


def _model(slug: str) -> TaskDefinition | None:
    """The task that a new one begins from; raises NotFound."""
    return task_named(db.session(), slug) if slug else None


def _sql(task: TaskDefinition | None) -> str | None:
    return None if task is None else str(task.settings.get("sql", ""))


def _changes_rows(form: TaskForm) -> bool:
    """Add or remove a row of the parameters where one of these buttons was pressed."""
    if "add_parameter" in request.form:
        form.rows.add()
        return True
    if (number := whole_number(request.form.get("remove_parameter", ""))) is not None:
        form.rows.remove(number)
        return True
    return False


def _page(
    form: TaskForm, *, task: TaskDefinition | None = None, model: TaskDefinition | None = None
) -> Answer:
    only_rows = form.status == HTTPStatus.OK and request.method == "POST" and wants_fragment()
    page = render_template(
        "tasks/_parameters.html" if only_rows else "tasks/form.html",
        form=form,
        task=task,
        model=model,
        sources=[(one.slug, one.title) for one in sources(db.session())],
        choices=choices,
    )
    return page, form.status
