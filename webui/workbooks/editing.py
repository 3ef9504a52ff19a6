"""Uploading a workbook template, replacing it, and deleting it."""

from http import HTTPStatus
from pathlib import PurePath

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tasks.db import transaction
from tasks.models import WorkbookTemplate
from webui.database import db
from webui.forms import Form, is_deletion, typed
from webui.permissions import Permission, actor, requires
from webui.workbooks import blueprint

Answer = Response | tuple[str, int]


@blueprint.get("/new")
@requires(Permission.EDIT)
def new() -> Answer:
    """An empty form."""
    return _page(Form(values={"title": "", "slug": "", "file": ""}))


@blueprint.post("")
@requires(Permission.EDIT)
def create() -> Answer:
    """Keep a workbook that was examined; without a title it is called as its file."""
    from tasks.reports.workbooks.kept import add_template

    form, content = _typed(), _content()
    title = form.text("title") or PurePath(_name()).stem
    with form.checking(conflict="slug"), transaction() as session:
        template = add_template(
            session, title=title, slug=form.text("slug"), content=content, changed_by=actor()
        )
    return _page(form) if form.errors else _saved(template)


@blueprint.get("/<slug>/edit")
@requires(Permission.EDIT)
def edit(slug: str) -> Answer:
    """The form of a template as it is."""
    template = _template(slug)
    return _page(Form(values={"title": template.title, "slug": slug, "file": ""}), template)


@blueprint.post("/<slug>/edit")
@requires(Permission.EDIT)
def change(slug: str) -> Answer:
    """Save another title, or another file; the runs from now on fill that one."""
    from tasks.reports.workbooks.kept import change_template, template_named

    kept, form, content = _template(slug), _typed(), _content()
    with form.checking(), transaction() as session:
        template = template_named(session, slug)
        title = form.text("title")
        change_template(session, template, title=title, content=content or None, changed_by=actor())
    return _page(form, kept) if form.errors else _saved(template)


@blueprint.route("/<slug>", methods=["POST", "DELETE"])
@requires(Permission.EDIT)
def delete(slug: str) -> Response:
    """Delete a template that no task fills (DELETE, or a form with `_method`)."""
    from tasks.reports.workbooks.kept import delete_template, template_named

    if not is_deletion():
        return redirect(url_for("workbooks.show", slug=slug), 303)
    with transaction() as session:
        template = template_named(session, slug)
        delete_template(session, template)
    flash(gettext("The workbook template “%(title)s” is deleted.", title=template.title), "success")
    return redirect(url_for("workbooks.index"), 303)


def _template(slug: str) -> WorkbookTemplate:
    from tasks.reports.workbooks.kept import template_named

    return template_named(db.session(), slug)


def _typed() -> Form:
    return Form(values={"title": typed("title"), "slug": typed("slug"), "file": ""})


def _content() -> bytes:
    """Return the uploaded bytes; empty where no file was chosen."""
    sent = request.files.get("file")
    return b"" if sent is None else sent.read()


def _name() -> str:
    sent = request.files.get("file")
    return (sent.filename or "") if sent else ""


def _saved(template: WorkbookTemplate) -> Response:
    flash(gettext("“%(title)s” is saved.", title=template.title), "success")
    return redirect(url_for("workbooks.show", slug=template.slug), 303)


def _page(form: Form, template: WorkbookTemplate | None = None) -> Answer:
    status = HTTPStatus(form.status)
    return render_template("workbooks/form.html", form=form, template=template), status
