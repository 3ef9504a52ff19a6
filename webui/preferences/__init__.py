"""What a person sets for their own browser: language and theme."""

from flask import Blueprint

blueprint = Blueprint("preferences", __name__, url_prefix="/preferences")

from webui.preferences import views  # noqa: E402, F401 (the views need the blueprint)
