"""Sending again, from the files that the run kept: one, some, all, or one that has arrived."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from tasks.db import transaction
from tasks.deliveries import send_again, send_all_again, send_delivered_again
from tasks.errors import Invalid, NotFound
from tasks.queries.deliveries import DeliveryLine, delivery_line
from tasks.runs.dispatch import dispatch_soon
from webui.database import db
from webui.deliveries import blueprint
from webui.notices import announce
from webui.permissions import Permission, actor, requires

MOST_AT_ONCE = 1_000


@blueprint.post("/retries")
@requires(Permission.OPERATE)
def send_some_again() -> Response:
    """Queue once more what failed: the chosen deliveries, or with `all` every one of a run."""
    run_id = request.form.get("run", type=int)
    with transaction() as session:
        if request.form.get("which") == "all" and run_id is not None:
            count = send_all_again(session, run_id, actor=actor())
        else:
            count = len(send_again(session, _chosen(), actor=actor()))
    flash(
        ngettext("%(num)s delivery is sent again.", "%(num)s deliveries are sent again.", count),
        "success",
    )
    announce(dispatch_soon())
    place = url_for("deliveries.index") if run_id is None else url_for("runs.show", run_id=run_id)
    return redirect(place, 303)


@blueprint.get("/<int:delivery_id>/copies/new")
@requires(Permission.OPERATE)
def ask_for_a_copy(delivery_id: int) -> str:
    """Ask whether somebody really is to get once more what has arrived."""
    return render_template("deliveries/copy.html", delivery=_line(delivery_id))


@blueprint.post("/<int:delivery_id>/copies")
@requires(Permission.OPERATE)
def send_a_copy(delivery_id: int) -> Response:
    """Queue what has arrived once more; the source is not asked again."""
    with transaction() as session:
        seen = request.form.get("tries", type=int, default=0)
        delivery = send_delivered_again(session, delivery_id, tries=seen, actor=actor())
    flash(
        gettext("It is sent to %(recipient)s once more.", recipient=delivery.recipient), "success"
    )
    announce(dispatch_soon())
    return redirect(url_for("runs.show", run_id=delivery.run_id), 303)


def _chosen() -> list[int]:
    ids = request.form.getlist("delivery", type=int)[:MOST_AT_ONCE]
    chosen = [one for one in ids if 0 < one < 2**63]
    if not chosen:
        raise Invalid("Choose at least one delivery.")
    return chosen


def _line(delivery_id: int) -> DeliveryLine:
    line = delivery_line(db.session(), delivery_id)
    if line is None:
        raise NotFound("There is no delivery {id}.", id=delivery_id)
    return line
