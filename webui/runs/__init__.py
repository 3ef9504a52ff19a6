"""Runs: the list, one run, its files, log and deliveries, and what can be done to them."""

from flask import Blueprint

blueprint = Blueprint("runs", __name__)

from webui.runs import actions, deliveries, difference, files, logs, parts_page, views  # noqa: E402, F401 (they hang on it)
