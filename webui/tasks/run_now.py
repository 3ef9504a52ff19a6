"""Running a task now, by one click or with parameters."""

import secrets

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tasks.addresses import checked_addresses
from tasks.authorship import REPORT
from tasks.clock import utcnow
from tasks.db import transaction
from tasks.errors import Invalid
from tasks.models import Run, TaskDefinition, Trigger, User
from tasks.queries.by_name import task_named
from tasks.queries.tasks import last_runs
from tasks.runs.dispatch import tell
from tasks.runs.promise import promise
from webui.database import db
from webui.forms import typed, whole_number
from webui.notices import announce
from webui.permissions import Permission, actor, requires
from webui.tasks import blueprint
from webui.tasks.run_form import RunForm, last_sets

LONGEST_KEY = 60
ONLY_TO_ME = "only_to_me"
"""The button that makes the run a trial."""

Answer = Response | tuple[str, int]


@blueprint.get("/<slug>/runs/new")
@requires(Permission.OPERATE)
def new_run(slug: str) -> Answer:
    """The form made from the task's parameters.

    `?like=7` fills it from run 7, and `?parameters-day=today` puts that in.
    """
    task = task_named(db.session(), slug)
    like = db.session.get(Run, whole_number(request.args.get("like", "")) or 0)
    known = like is not None and like.task_definition_id == task.id
    form = RunForm.of(task, like.parameters if like and known else {})
    form.take(request.args)
    return _page(task, form)


@blueprint.post("/<slug>/runs")
@requires(Permission.OPERATE)
def run_now(slug: str) -> Answer:
    """Promise one run, the same one however often this form is sent."""
    task = task_named(db.session(), slug)
    form = RunForm.typed(task)
    with form.checking(), transaction() as session:
        run = promise(
            session,
            task,
            trigger=Trigger.PERSON,
            triggered_by=actor(),
            parameters=form.given(),
            now=utcnow(),
            request_key=typed("request_key")[:LONGEST_KEY] or None,
            only_to=_own_address(session) if ONLY_TO_ME in request.form else None,
        )
    if form.errors:
        return _page(task, form)
    announce(tell(run))
    return redirect(url_for("runs.show", run_id=run.id), 303)


def _own_address(session: Session) -> str:
    """Return the address of whoever tries the task out; raises Invalid without one."""
    address = session.get_one(User, current_user.id).email
    if not address:
        raise Invalid(
            "Your account has no mail address, so nothing can be sent to you first. Add it on the "
            "page of your account, or let an administrator add it, and try again."
        )
    (checked,) = checked_addresses([address], field="only_to")
    return checked


def _page(task: TaskDefinition, form: RunForm) -> Answer:
    page = render_template(
        "tasks/run.html",
        task=task,
        form=form,
        sets=last_sets(task, last_runs(db.session(), task)),
        request_key=secrets.token_urlsafe(12),
        is_report=task.job == REPORT,
    )
    return page, form.status
