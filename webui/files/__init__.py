"""The files of a delivery, for whoever has its signed link."""

from flask import Blueprint

blueprint = Blueprint("files", __name__)

from webui.files import views  # noqa: E402, F401 (the views need the blueprint)
