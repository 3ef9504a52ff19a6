"""The list of runs and one run, whole or as the parts that changed."""

import secrets

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from tasks.queries.last_delivered import kept_rows
from tasks.queries.run_filter import RunFilter
from tasks.queries.run_story import run_story
from webui.database import db
from webui.htmx import wants_fragment
from webui.permissions import Permission, requires
from webui.runs import blueprint
from webui.runs.changes import changed_rows
from webui.runs.listing import address_of, listing
from webui.runs.logs import tail_of
from webui.runs.words import facts_of

NOTHING_NEW = ("", 204)


@blueprint.get("/runs")
@requires(Permission.SEE)
def index() -> Response | tuple[str, int] | str:
    """A page of the runs that fit; the part of it that a filter or the poll asks for."""
    wanted = RunFilter.from_args(request.args)
    if not wants_fragment():
        return render_template("runs/index.html", **listing(wanted))
    if "since" in request.args:
        changes = changed_rows(wanted, request.args)
        return render_template("runs/_changes.html", **changes) if changes else NOTHING_NEW
    fragment = make_response(render_template("runs/_filtered.html", **listing(wanted)))
    fragment.headers["HX-Push-Url"] = address_of(wanted)
    return fragment


@blueprint.get("/runs/<int:run_id>")
@requires(Permission.SEE)
def show(run_id: int) -> tuple[str, int] | str:
    """One run; the poll gets it again only where something about it changed."""
    story = run_story(db.session(), run_id)
    if wants_fragment() and request.args.get("since") == story.version:
        return NOTHING_NEW
    return render_template(
        "runs/_story.html" if wants_fragment() else "runs/show.html",
        story=story,
        run=story.run,
        facts=facts_of(story),
        tail=tail_of(story.run, story.last_attempt),
        has_rows=kept_rows(db.session(), story.run) is not None,
        seen_attempt=request.args.get("attempt", type=int),
        request_key=secrets.token_urlsafe(12),
    )
