"""Today: what ran, what runs, what comes, and what needs somebody."""

from flask import Blueprint

blueprint = Blueprint("today", __name__)

from webui.today import alerts, views  # noqa: E402, F401 (the views hang on the blueprint)
