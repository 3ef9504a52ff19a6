"""Sources: the databases that reports read, how they are reached, and whether they let us in."""

from flask import Blueprint

blueprint = Blueprint("sources", __name__, url_prefix="/sources")

from webui.sources import editing, testing, views  # noqa: E402, F401 (they hang on the blueprint)
