"""The page of queues, and pausing one."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tasks.db import transaction
from tasks.errors import NotFound
from tasks.queries.mark_of import mark_of
from tasks.queries.queues import (
    MOST,
    lately,
    queue_lines,
    queue_names,
    source_lines,
)
from tasks.queues import pause_queue, resume_queue
from webui.database import db
from webui.forms import is_deletion
from webui.htmx import wants_fragment
from webui.permissions import Permission, actor, requires
from webui.queues import blueprint
from webui.queues.words import WAITS


@blueprint.get("")
@requires(Permission.SEE)
def index() -> str | tuple[str, int]:
    """All queues and sources; the poll gets them again where a figure changed."""
    session = db.session()
    if wants_fragment() and request.args.get("since") == lately(session):
        return "", 204
    queues, sources = queue_lines(session), source_lines(session)
    return render_template(
        "queues/_parts.html" if wants_fragment() else "queues/index.html",
        queues=queues,
        sources=sources,
        version=mark_of(queues, sources),
        most=MOST,
        waits=WAITS,
    )


@blueprint.route("/<name>/pause", methods=["POST", "DELETE"])
@requires(Permission.OPERATE)
def pause(name: str) -> Response:
    """Pause a queue (POST), or let it go on (DELETE, or a form with `_method`)."""
    pausing = not is_deletion()
    with transaction() as session:
        if name not in queue_names(session):
            raise NotFound("There is no queue “{name}”.", name=name)
        if pausing:
            pause_queue(session, name, actor=actor())
        else:
            resume_queue(session, name)
    flash(
        gettext("The queue “%(name)s” is paused: what runs goes on, nothing new starts.", name=name)
        if pausing
        else gettext("The queue “%(name)s” goes on.", name=name),
        "success",
    )
    return redirect(url_for("queues.index"), 303)
