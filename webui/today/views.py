"""The first page: today at one glance."""

from flask import render_template, request
from werkzeug.wrappers import Response

from tasks.clock import utcnow
from tasks.queries.changes import version
from tasks.queries.health import health_lately
from tasks.queries.today import moved, today
from webui.database import db
from webui.htmx import wants_fragment
from webui.permissions import Permission, requires
from webui.today import blueprint


@blueprint.get("/")
@requires(Permission.SEE)
def index() -> Response | tuple[str, int] | str:
    """Today, whole; the poll gets its parts again where something happened since."""
    session = db.session()
    last_event = version(session)
    seen = f"{last_event}-{moved(session)}"
    if wants_fragment() and request.args.get("since") == seen:
        return "", 204
    return render_template(
        "today/_parts.html" if wants_fragment() else "today/index.html",
        today=today(session, version=last_event),
        health=health_lately(session),
        version=seen,
        now=utcnow(),
    )
