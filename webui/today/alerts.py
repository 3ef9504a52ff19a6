"""Taking an alert off the first page once somebody has seen it."""

from flask import flash, redirect, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from tasks.alerts import acknowledge as see
from tasks.clock import utcnow
from tasks.db import transaction
from tasks.errors import NotFound
from tasks.models import Alert
from webui.permissions import Permission, actor, requires
from webui.today import blueprint


@blueprint.post("/alerts/<int:alert_id>/acknowledgement")
@requires(Permission.OPERATE)
def acknowledge(alert_id: int) -> Response:
    """Write down who has seen the alert, and those before it about the same."""
    with transaction() as session:
        alert = session.get(Alert, alert_id)
        if alert is None:
            raise NotFound("There is no alert {id}; its run may have been deleted.", id=alert_id)
        seen = see(session, alert, actor=actor(), now=utcnow())
    flash(
        ngettext("%(num)s alert is marked as seen.", "%(num)s alerts are marked as seen.", seen)
        if seen
        else gettext("The alert was marked as seen already."),
        "success",
    )
    return redirect(url_for("today.index"), 303)
