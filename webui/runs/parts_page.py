"""The parts of a run that was split: whose rows, in which files, sent to whom."""

from flask import render_template, request

from tasks.queries.parts_of_run import parts_page
from tasks.queries.whole_run import run_itself
from webui.database import db
from webui.permissions import Permission, requires
from webui.runs import blueprint

LONGEST_SEARCH = 200


@blueprint.get("/runs/<int:run_id>/parts")
@requires(Permission.SEE)
def parts(run_id: int) -> str:
    """The parts whose name or recipient holds `?search=`, from the one after `?after=` on."""
    run = run_itself(db.session(), run_id)
    search = request.args.get("search", "")[:LONGEST_SEARCH]
    page = parts_page(db.session(), run, search=search, after=request.args.get("after", ""))
    return render_template("runs/parts.html", run=run, page=page, search=search)
