"""Deliveries: who gets what, how it ended, why not, and sending again."""

from flask import Blueprint

blueprint = Blueprint("deliveries", __name__, url_prefix="/deliveries")

from webui.deliveries import again, views  # noqa: E402, F401 (they hang on it)
