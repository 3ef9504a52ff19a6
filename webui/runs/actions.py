"""What can be done to a run: cancel it, or run it again."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.errors import NotFound
from tasks.models import Run, RunState
from tasks.runs.dispatch import tell
from tasks.runs.promise import promise_again
from tasks.runs.transitions import request_cancel
from webui.notices import announce
from webui.permissions import Permission, actor, requires
from webui.runs import blueprint

LONGEST_KEY = 60


@blueprint.post("/runs/<int:run_id>/cancellation")
@requires(Permission.OPERATE)
def cancel(run_id: int) -> Response:
    """Cancel a run that waits, or ask the worker of a running one to stop."""
    with transaction() as session:
        run = request_cancel(session, run_id, actor=actor(), now=utcnow())
    flash(
        gettext("Run %(id)s is cancelled.", id=run_id)
        if run.state is RunState.CANCELLED
        else gettext("Run %(id)s was asked to stop; it ends within seconds.", id=run_id),
        "success",
    )
    return redirect(url_for("runs.show", run_id=run_id), 303)


@blueprint.post("/runs/<int:run_id>/retries")
@requires(Permission.OPERATE)
def run_again(run_id: int) -> Response:
    """Promise a new run like this one, the same one however often this form is sent."""
    with transaction() as session:
        run = session.get(Run, run_id)
        if run is None:
            raise NotFound("There is no run {id}.", id=run_id)
        again = promise_again(
            session,
            run,
            triggered_by=actor(),
            now=utcnow(),
            request_key=request.form.get("request_key", "")[:LONGEST_KEY] or None,
        )
    announce(tell(again))
    return redirect(url_for("runs.show", run_id=again.id), 303)
