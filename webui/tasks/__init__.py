"""Tasks: the list, one task, its form, and running it now."""

from flask import Blueprint

blueprint = Blueprint("tasks", __name__, url_prefix="/tasks")

from webui.tasks import (  # noqa: E402, F401 (they hang on the blueprint)
    asking,
    burst_preview,
    choice_search,
    editing,
    following,
    mail_preview,
    run_now,
    trial,
    versions,
    views,
)
