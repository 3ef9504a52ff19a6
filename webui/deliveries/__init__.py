"""Deliveries: sending one again."""

from flask import Blueprint

blueprint = Blueprint("deliveries", __name__, url_prefix="/deliveries")

from webui.deliveries import views  # noqa: E402, F401 (the views hang on the blueprint)
