"""The list of deliveries, and why somebody got something or did not."""

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from tasks.addresses import is_address
from tasks.queries.deliveries import DeliveryFilter, delivery_page
from tasks.queries.mark_of import mark_of
from tasks.queries.tasks import task_choices
from tasks.queries.why import why
from tasks.settings import settings
from webui.database import db
from webui.deliveries import blueprint
from webui.deliveries.words import CHANNELS, STATES
from webui.htmx import wants_fragment
from webui.permissions import Permission, requires

NOTHING_NEW = ("", 204)


@blueprint.get("")
@requires(Permission.SEE)
def index() -> Response | tuple[str, int] | str:
    """A page of the deliveries that fit; the poll gets it again only where something changed."""
    wanted = DeliveryFilter.from_args(request.args)
    page = delivery_page(db.session(), wanted, zone=settings().zone)
    mark = mark_of(*page.lines, page.has_newer)
    if wants_fragment() and request.args.get("mark") == mark:
        return NOTHING_NEW
    shown = {"wanted": wanted, "page": page, "mark": mark}
    if not wants_fragment():
        choices = {"states": STATES, "channels": CHANNELS, "tasks": task_choices(db.session())}
        return render_template("deliveries/index.html", **shown, **choices)
    fragment = make_response(render_template("deliveries/_rows.html", **shown))
    if "mark" not in request.args:
        arguments = wanted.args()
        fragment.headers["HX-Push-Url"] = url_for("deliveries.index", _external=False, **arguments)
    return fragment


@blueprint.get("/why")
@requires(Permission.SEE)
def why_not() -> str:
    """What became of the last runs for an address."""
    address = request.args.get("address", "").strip()[:320]
    task = request.args.get("task", "").strip()[:80]
    answer = why(db.session(), address, task=task) if is_address(address) else None
    return render_template(
        "deliveries/why.html",
        address=address,
        task=task,
        tasks=task_choices(db.session()),
        answer=answer,
    )
