"""Log in and out."""

from flask import Blueprint

blueprint = Blueprint("auth", __name__)

from webui.auth import views  # noqa: E402, F401 (the views need the blueprint)
