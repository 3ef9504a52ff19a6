"""Making a source, changing it and deleting it."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tasks.db import transaction
from tasks.errors import NotFound
from tasks.models import Source, SourceKind
from tasks.queries.by_name import source_named
from tasks.sources.editing import change_source, create_source, delete_source
from webui.database import db
from webui.forms import is_deletion
from webui.permissions import Permission, requires
from webui.sources import blueprint, words
from webui.sources.forms import SourceForm

Answer = Response | tuple[str, int]
NAMELESS = "source"


@blueprint.get("/new")
@requires(Permission.ADMIN)
def new() -> Answer:
    """An empty form of the kind that was chosen; without one, the kinds."""
    if "kind" not in request.args:
        return render_template("sources/choose.html", words=words), HTTPStatus.OK
    return _page(SourceForm.empty(_kind(request.args["kind"])))


@blueprint.post("")
@requires(Permission.ADMIN)
def create() -> Answer:
    """Save a new source; nobody has tried its login yet."""
    form = SourceForm.typed(_kind(request.form.get("kind", "")))
    with form.checking(conflict="slug"), transaction() as session:
        source = create_source(session, form.slug(NAMELESS), form.content())
    return _page(form) if form.errors else _saved(source)


@blueprint.get("/<slug>/edit")
@requires(Permission.ADMIN)
def edit(slug: str) -> Answer:
    """The form of a source as it is; its password is not in it."""
    source = source_named(db.session(), slug)
    return _page(SourceForm.of(source), source)


@blueprint.post("/<slug>/edit")
@requires(Permission.ADMIN)
def change(slug: str) -> Answer:
    """Save a change; it counts for what is read from now on."""
    source = source_named(db.session(), slug)
    form = SourceForm.typed(source.kind)
    with form.checking(), transaction() as session:
        _save(session, form, slug)
    form.compared_with(source.version)
    return _page(form, source) if form.errors else _saved(source)


@blueprint.route("/<slug>", methods=["POST", "DELETE"])
@requires(Permission.ADMIN)
def delete(slug: str) -> Response:
    """Delete a source that nothing reads (DELETE, or a form with `_method`)."""
    if not is_deletion():
        return redirect(url_for("sources.show", slug=slug), 303)
    with transaction() as session:
        source = source_named(session, slug)
        delete_source(session, source)
    flash(gettext("The source “%(title)s” is deleted.", title=source.title), "success")
    return redirect(url_for("sources.index"), 303)


def _save(session: Session, form: SourceForm, slug: str) -> None:
    source = source_named(session, slug)
    session.refresh(source, with_for_update=True)  # of two who save at once, one sees the other
    change_source(session, source, form.content(), version=form.version or source.version)


def _kind(text: str) -> SourceKind:
    if text not in set(SourceKind):
        raise NotFound("There is no kind of source “{kind}”.", kind=text)
    return SourceKind(text)


def _saved(source: Source) -> Response:
    flash(gettext("The source is saved. Test it to see whether it lets us in."), "success")
    return redirect(url_for("sources.show", slug=source.slug), 303)


def _page(form: SourceForm, source: Source | None = None) -> Answer:
    page = render_template("sources/form.html", form=form, source=source, words=words)
    return page, form.status
