"""Schedules: the list, the form with its preview, and the switch."""

from flask import Blueprint

blueprint = Blueprint("schedules", __name__, url_prefix="/schedules")

from webui.schedules import editing, pausing, views  # noqa: E402, F401 (they hang on the blueprint)
