"""Runs: the list, one run, its files and log, and what can be done to it."""

from flask import Blueprint

blueprint = Blueprint("runs", __name__, url_prefix="/runs")

from webui.runs import actions, files, logs, views  # noqa: E402, F401 (they hang on the blueprint)
