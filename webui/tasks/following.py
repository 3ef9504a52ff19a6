"""Whether the person of this request wants to hear when the task fails."""

from flask import flash, redirect, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tasks.db import transaction
from tasks.incidents.people import follow, unfollow
from tasks.models import User
from tasks.queries.by_name import task_named
from webui.forms import is_deletion
from webui.permissions import Permission, requires
from webui.tasks import blueprint


@blueprint.route("/<slug>/subscription", methods=["POST", "DELETE"])
@requires(Permission.SEE)
def subscription(slug: str) -> Response:
    """Follow the task (POST), or no longer (DELETE, or a form with `_method`)."""
    wanted = not is_deletion()
    with transaction() as session:
        task, user = task_named(session, slug), session.get_one(User, current_user.id)
        (follow if wanted else unfollow)(session, user_id=user.id, task_id=task.id)
    _say(wanted, task.title, user.email)
    return redirect(url_for("tasks.show", slug=slug), 303)


def _say(wanted: bool, title: str, address: str | None) -> None:
    if not wanted:
        flash(gettext("You no longer hear of “%(title)s”.", title=title), "success")
    elif address:
        sentence = gettext(
            "You will hear at %(address)s when “%(title)s” fails, and when it works again.",
            address=address,
            title=title,
        )
        flash(sentence, "success")
    else:
        flash(
            gettext("Give your mail address on your own page, so that you can be told."), "warning"
        )
