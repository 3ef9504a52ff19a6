"""What is different between two runs of a task, on a page of its own."""

from collections.abc import Sequence

from flask import render_template, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tasks.errors import NotFound
from tasks.models import Run
from tasks.queries.kept_runs import runs_with_rows
from tasks.queries.last_delivered import last_delivered
from webui.database import db
from webui.permissions import Permission, requires
from webui.runs import blueprint
from webui.runs.difference_shown import Shown, shown


@blueprint.get("/runs/<int:run_id>/difference")
@requires(Permission.SEE)
def difference(run_id: int) -> str:
    """The rows of a run against those of another one of its task that is chosen here."""
    session = db.session()
    run = session.scalars(
        select(Run).where(Run.id == run_id).options(joinedload(Run.task))
    ).one_or_none()
    if run is None:
        raise NotFound("There is no run {id}.", id=run_id)
    others = runs_with_rows(session, run)
    before = _chosen(run, others, request.args.get("against", type=int))
    found = Shown() if before is None else shown(session, before, run)
    return render_template(
        "runs/difference.html", run=run, others=others, before=before, found=found
    )


def _chosen(run: Run, others: Sequence[Run], wanted: int | None) -> Run | None:
    """Return the run that is asked for, or else the one that the run itself was compared with."""
    by_id = {other.id: other for other in others}
    if wanted is not None:
        if wanted not in by_id:
            raise NotFound("Run {id} has no kept rows to compare with.", id=wanted)
        return by_id[wanted]
    delivered = last_delivered(db.session(), run.id)
    older = [other for other in others if other.id < run.id]
    usual = by_id.get(delivered.run_id) if delivered else None
    return usual or next(iter(older or others), None)
