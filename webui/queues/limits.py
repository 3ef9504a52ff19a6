"""How much of a queue, or of what reads a source, runs at once."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tasks.db import transaction
from tasks.errors import Invalid, NotFound
from tasks.queries.by_name import source_named
from tasks.queries.queues import queue_lines, queue_names
from tasks.queues import MOST, limit_queue, limit_source
from webui.database import db
from webui.forms import Form, typed, whole_number
from webui.permissions import Permission, requires
from webui.queues import blueprint

Answer = Response | tuple[str, int]


@dataclass
class LimitForm(Form):
    """What was typed as a limit."""

    @classmethod
    def of(cls, max_running: int | None) -> "LimitForm":
        return cls(values={"max_running": "" if max_running is None else str(max_running)})

    @classmethod
    def typed(cls) -> "LimitForm":
        return cls(values={"max_running": typed("max_running")})

    def limit(self) -> int | None:
        """Return the limit, None where nothing was typed; raises Invalid."""
        text = self.text("max_running")
        number = whole_number(text)
        if text and number is None:
            raise Invalid("“{text}” is not a whole number.", field="max_running", text=text)
        return number


@blueprint.get("/<name>/limit")
@requires(Permission.EDIT)
def edit_queue(name: str) -> Answer:
    """The form of a queue's limit."""
    line = next((one for one in queue_lines(db.session()) if one.name == name), None)
    if line is None:
        raise NotFound("There is no queue “{name}”.", name=name)
    return _page(LimitForm.of(line.max_running), queue=name)


@blueprint.post("/<name>/limit")
@requires(Permission.EDIT)
def change_queue(name: str) -> Answer:
    """Save the limit of a queue."""
    form = LimitForm.typed()
    with form.checking(), transaction() as session:
        if name not in queue_names(session):
            raise NotFound("There is no queue “{name}”.", name=name)
        limit_queue(session, name, form.limit())
    return _page(form, queue=name) if form.errors else _saved()


@blueprint.get("/sources/<slug>/limit")
@requires(Permission.EDIT)
def edit_source(slug: str) -> Answer:
    """The form of a source's limit."""
    return _page(LimitForm.of(source_named(db.session(), slug).max_running), source=slug)


@blueprint.post("/sources/<slug>/limit")
@requires(Permission.EDIT)
def change_source(slug: str) -> Answer:
    """Save the limit of a source."""
    form = LimitForm.typed()
    with form.checking(), transaction() as session:
        limit_source(source_named(session, slug), form.limit())
    return _page(form, source=slug) if form.errors else _saved()


def _saved() -> Response:
    flash(gettext("The limit is saved. What runs goes on; it counts for what starts."), "success")
    return redirect(url_for("queues.index"), 303)


def _page(form: LimitForm, *, queue: str = "", source: str = "") -> Answer:
    title = source_named(db.session(), source).title if source else queue
    page = render_template(
        "queues/limit.html", form=form, queue=queue, source=source, name=title, most=MOST
    )
    return page, form.status
