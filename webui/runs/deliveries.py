"""Sending a delivery again, from the files that the run kept."""

from flask import flash, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tasks.db import transaction
from tasks.deliveries import send_again
from tasks.runs.dispatch import dispatch_soon
from webui.notices import announce
from webui.permissions import Permission, actor, requires
from webui.runs import blueprint


@blueprint.post("/deliveries/<int:delivery_id>/retries")
@requires(Permission.OPERATE)
def send_delivery_again(delivery_id: int) -> Response:
    """Queue a delivery that failed once more; the source is not asked again."""
    with transaction() as session:
        delivery = send_again(session, [delivery_id], actor=actor())[0]
    flash(
        gettext("It is sent to %(recipient)s once more.", recipient=delivery.recipient), "success"
    )
    announce(dispatch_soon())
    return redirect(url_for("runs.show", run_id=delivery.run_id), 303)
