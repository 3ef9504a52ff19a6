"""The health of the parts, for people and for machines."""

from flask import Blueprint

blueprint = Blueprint("health", __name__)

from webui.health import views  # noqa: E402, F401 (the views need the blueprint)
