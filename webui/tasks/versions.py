"""The versions of a task: their list, one against another, and taking one back."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tasks.db import transaction
from tasks.definitions import whole_content
from tasks.models import TaskDefinition, TaskVersion
from tasks.queries.by_name import task_named
from tasks.queries.tasks import sources, task_choices
from tasks.queries.versions import version_before, version_of, versions_page
from tasks.versions import is_as_now, needs_author, restore_version
from webui.database import db
from webui.forms import Form, whole_number
from webui.permissions import Permission, actor, can, requires
from webui.tasks import blueprint
from webui.tasks.version_changes import (
    changed_in_words,
    changes_between,
    fields_in_words,
    lacking_in_words,
)
from webui.tasks.version_words import Names

Answer = Response | tuple[str, int]


@blueprint.get("/<slug>/versions")
@requires(Permission.SEE)
def versions(slug: str) -> str:
    """Every change of a task, the newest first: when, by whom, and what."""
    task = task_named(db.session(), slug)
    page = versions_page(db.session(), task, before=whole_number(request.args.get("before", "")))
    rows = [
        (
            row.version,
            changed_in_words(row.before.content if row.before else None, row.version.content),
        )
        for row in page.rows
    ]
    return render_template("tasks/versions/index.html", task=task, rows=rows, page=page)


@blueprint.get("/<slug>/versions/<int:number>")
@requires(Permission.SEE)
def version(slug: str, number: int) -> Answer:
    """One version, and what differs from the one before, or from `?against=3`."""
    return _page(task_named(db.session(), slug), number, Form())


@blueprint.post("/<slug>/versions/<int:number>/restorations")
@requires(Permission.EDIT)
def restore(slug: str, number: int) -> Answer:
    """Make a new version that equals this one."""
    form = Form(values={"version": request.form.get("version", "")})
    with form.checking(), transaction() as session:
        task = task_named(session, slug)
        restore_version(
            session,
            task,
            version_of(session, task, number),
            onto=whole_number(form.text("version")) or 0,
            is_author=can(Permission.AUTHOR),
            changed_by=actor(),
        )
    if form.errors:
        return _page(task_named(db.session(), slug), number, form)
    flash(_restored(task, number), "success")
    return redirect(url_for("tasks.show", slug=slug), 303)


def _restored(task: TaskDefinition, number: int) -> str:
    return str(
        gettext(
            "“%(title)s” is as version %(old)s again; this is version %(new)s.",
            title=task.title,
            old=number,
            new=task.version,
        )
    )


def _page(task: TaskDefinition, number: int, form: Form) -> Answer:
    kept = version_of(db.session(), task, number)
    other = _other(task, number)
    names, current = _names(), whole_content(db.session(), task)
    page = render_template(
        "tasks/versions/show.html",
        task=task,
        kept=kept,
        other=other,
        older=version_before(db.session(), task, number),
        changes=changes_between(other.content, kept.content, names) if other else [],
        fields=fields_in_words(kept.content, names),
        lacking=lacking_in_words(kept.content),
        is_as_now=is_as_now(kept.content, current),
        restoring=changed_in_words(current, kept.content | {"is_active": task.is_active}),
        is_for_authors=needs_author(kept.content, current),
        form=form,
        conflict=form.status == HTTPStatus.CONFLICT,
    )
    return page, form.status


def _other(task: TaskDefinition, number: int) -> TaskVersion | None:
    """The version to compare with: the one that is asked for, else the one before."""
    if asked := whole_number(request.args.get("against", "")):
        return version_of(db.session(), task, asked)
    return version_before(db.session(), task, number)


def _names() -> Names:
    session = db.session()
    titles = {one.slug: one.title for one in sources(session)}
    return Names(sources=titles, tasks=dict(task_choices(session)))
