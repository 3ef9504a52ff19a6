"""Sources: the databases that reports read, how they are reached, and whether they let us in."""

from flask import Blueprint

blueprint = Blueprint("sources", __name__, url_prefix="/sources")

from webui.sources import (  # noqa: E402 (they hang on the blueprint)
    editing,  # noqa: F401
    kit,  # noqa: F401
    queries,  # noqa: F401
    testing,  # noqa: F401
    views,  # noqa: F401
)
