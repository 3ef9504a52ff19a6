"""The first page: today at one glance."""

from flask import render_template, request
from werkzeug.wrappers import Response

from tasks.clock import utcnow
from tasks.queries.changes import version
from tasks.queries.health import health
from tasks.queries.today import today
from webui.database import db
from webui.htmx import wants_fragment
from webui.permissions import Permission, requires
from webui.today import blueprint


@blueprint.get("/")
@requires(Permission.SEE)
def index() -> Response | tuple[str, int] | str:
    """Today, whole; the poll gets its parts again where something happened since."""
    session, now = db.session(), utcnow()
    seen = version(session)
    if wants_fragment() and request.args.get("since") == str(seen):
        return "", 204
    return render_template(
        "today/_parts.html" if wants_fragment() else "today/index.html",
        today=today(session, version=seen),
        health=health(session, now),
        version=seen,
        now=now,
    )
