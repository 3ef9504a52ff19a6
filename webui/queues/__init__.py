"""Queues: what waits and what works, pausing, and the limits of queues and sources."""

from flask import Blueprint

blueprint = Blueprint("queues", __name__, url_prefix="/queues")

from webui.queues import limits, views  # noqa: E402, F401 (the views hang on the blueprint)
