"""Recipients stop a task's mails, or let them come again, without a login."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

blueprint = Blueprint("unsubscribe", __name__, url_prefix="/unsubscribe")

from webui.unsubscribe import views  # noqa: E402 (the views hang on the blueprint)


@blueprint.record_once
def _without_a_cookie(state: BlueprintSetupState) -> None:
    """Let mail programs stop with one click: they bring no cookie, and the address is a secret."""
    for view in (views.stop_mails, views.return_to_mails):
        state.app.extensions["csrf"].exempt(view)
